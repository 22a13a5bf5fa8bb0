using Fleet.Helm.Binary;
using Fleet.Helm.Releases;

namespace Fleet.Helm.Tests.Releases;

public sealed class ReleaseArgumentsTests
{
    private static readonly HelmVersion Helm3 = new(3, 18, 0);
    private static readonly HelmVersion Helm4 = new(4, 1, 4);
    private static readonly ReleaseName Release = new("web", "nginx");

    public static TheoryData<ReleaseOptions, string, string> Options => new()
    {
        { new() { Wait = true }, "--wait", "--wait" },
        { new() { WaitForJobs = true }, "--wait-for-jobs", "--wait-for-jobs --wait" },
        { new() { Atomic = true }, "--atomic", "--rollback-on-failure" },
        { new() { SkipCrds = true }, "--skip-crds", "--skip-crds" },
        { new() { DependencyUpdate = true }, "--dependency-update", "--dependency-update" },
        { new() { DisableHooks = true }, "--no-hooks", "--no-hooks" },
        { new() { DisableOpenApiValidation = true }, "--disable-openapi-validation", "--disable-openapi-validation" },
        { new() { SkipSchemaValidation = true }, "--skip-schema-validation", "--skip-schema-validation" },
        { new() { Description = "why" }, "--description why", "--description why" },
        { new() { Labels = new Dictionary<string, string> { ["b"] = "2", ["a"] = "1" } }, "--labels a=1,b=2", "--labels a=1,b=2" },
        { new() { Upgrade = new() { Force = true } }, "--force", "--force-replace --server-side=false" },
        { new() { ForceConflicts = true }, "", "--force-conflicts" },
        { new() { ForceConflicts = true, Upgrade = new() { Force = true } }, "--force", "--force-replace --server-side=false" },
        { new() { Upgrade = new() { Recreate = true } }, "--recreate-pods", "" },
        { new() { Upgrade = new() { CleanupOnFail = true } }, "--cleanup-on-fail", "--cleanup-on-fail" },
        { new() { Upgrade = new() { ResetValues = true } }, "--reset-values", "--reset-values" },
        { new() { Upgrade = new() { ReuseValues = true } }, "--reuse-values", "--reuse-values" },
        { new() { Upgrade = new() { ResetThenReuseValues = true } }, "--reset-then-reuse-values", "--reset-then-reuse-values" },
        { new() { Upgrade = new() { SubNotes = true } }, "--render-subchart-notes", "--render-subchart-notes" },
        { new() { Upgrade = new() { TakeOwnership = true } }, "--take-ownership", "--take-ownership" },
    };

    [Theory]
    [MemberData(nameof(Options))]
    public void Each_option_is_the_flag_of_each_helm(ReleaseOptions options, string three, string four)
    {
        Assert.Equal(three, Added(Helm3, options));
        Assert.Equal(four, Added(Helm4, options));
    }

    [Fact]
    public void Install_options_hold_only_while_the_release_is_not_there()
    {
        var options = new ReleaseOptions { Install = new InstallOptions { DisableHooks = true } };
        Assert.Contains("--no-hooks", ReleaseArguments.Upgrade(Helm3, Release, "c.tgz", null, options, exists: false).Arguments);
        Assert.DoesNotContain("--no-hooks", ReleaseArguments.Upgrade(Helm3, Release, "c.tgz", null, options, exists: true).Arguments);
    }

    [Fact]
    public void An_option_that_helm_4_lost_is_named() => Assert.Equal(["recreate"],
        ReleaseArguments.Upgrade(Helm4, Release, "c.tgz", null, new ReleaseOptions { Upgrade = new UpgradeOptions { Recreate = true } }, true).Ignored);

    [Fact]
    public void The_defaults_are_upstreams() => Assert.Equal(
        "upgrade nginx c.tgz --install --namespace web --output json --values v.json --timeout 300s --history-max 2 --create-namespace",
        string.Join(' ', ReleaseArguments.Upgrade(Helm3, Release, "c.tgz", "v.json", ReleaseOptions.Default, true).Arguments));

    [Fact]
    public void Uninstall_passes_history_propagation_and_hooks() => Assert.Equal(
        "uninstall nginx --namespace web --timeout 300s --wait --keep-history --no-hooks --cascade foreground",
        string.Join(' ', ReleaseArguments.Uninstall(Release, new ReleaseOptions
        {
            Wait = true,
            Uninstall = new UninstallOptions { KeepHistory = true, DisableHooks = true, DeletionPropagation = "Foreground" },
        })));

    private static string Added(HelmVersion helm, ReleaseOptions options)
    {
        var without = ReleaseArguments.Upgrade(helm, Release, "c.tgz", null, ReleaseOptions.Default, true).Arguments;
        var with = ReleaseArguments.Upgrade(helm, Release, "c.tgz", null, options, true).Arguments;
        return string.Join(' ', with.Except(without));
    }
}

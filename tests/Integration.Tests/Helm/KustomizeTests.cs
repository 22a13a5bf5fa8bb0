using System.Text;
using Fleet.Helm.Errors;
using Fleet.Helm.Kustomizations;
using Fleet.Testing;

namespace Fleet.Integration.Tests.Helm;

/// <summary>Real kubectls build kustomizations, and get nothing else to do.</summary>
public sealed class KustomizeTests : IDisposable
{
    private readonly TemporaryFolder folder = new("kustomize");

    public static TheoryData<string> Kubectls => [.. Fleet.Testing.RealParts.Kubectls.Select(kubectl => kubectl.Version)];

    public void Dispose() => folder.Dispose();

    [Theory, MemberData(nameof(Kubectls))]
    public async Task A_folder_and_files_in_memory_build_alike_and_leave_nothing_behind(string version)
    {
        using var host = Host(version);
        (string Path, string Text)[] files =
        [
            ("prod/kustomization.yaml", "resources: [../base]\nnamePrefix: prod-\n"),
            ("base/kustomization.yaml", "resources: [a.yaml]\n"),
            ("base/a.yaml", "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {text: \"{{ braces }} 🚀\"}}"),
        ];
        var built = await host.Kustomize.BuildAsync(Memory(files) with { Path = "prod" }, CancellationToken.None);
        Assert.Contains("name: prod-a", built, StringComparison.Ordinal);
        foreach (var (path, text) in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder.File(path))!);
            await File.WriteAllTextAsync(folder.File(path), text);
        }
        Assert.Equal(built, await host.Kustomize.BuildAsync(new() { Folder = Path.GetDirectoryName(folder.File("prod"))!, Path = "prod" }, CancellationToken.None));
        Assert.Empty(host.LeftOver());
    }

    [Theory, MemberData(nameof(Kubectls))]
    public async Task What_does_not_build_is_told_without_secrets_and_places(string version)
    {
        using var host = Host(version);
        var quoted = await FailsAsync(host, Memory(("kustomization.yaml", "secretGenerator: [{name: s, literals: [swordfish]}]")) with { Secrets = ["swordfish"] });
        Assert.Equal(HelmErrorKind.RenderFailed, quoted.Kind);
        Assert.Contains("invalid literal source ***", quoted.Message, StringComparison.Ordinal);
        var missing = await FailsAsync(host, Memory(("kustomization.yaml", "resources: [nope.yaml]")));
        Assert.Contains("nope.yaml", missing.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(host.Options.SecretsFolder!, missing.Message, StringComparison.Ordinal);
        Assert.Empty(host.LeftOver());
    }

    [Theory, MemberData(nameof(Kubectls))]
    public async Task Nothing_outside_is_reached_whatever_a_kustomization_says(string version)
    {
        using var host = Host(version);
        await File.WriteAllTextAsync(folder.File("outside.yaml"), "{apiVersion: v1, kind: ConfigMap, metadata: {name: outside}}");
        foreach (var kustomization in (string[])[
            "resources: ['https://example.org/a.yaml']",
            "resources: ['git@example.org:a/b']",
            $"configMapGenerator: [{{name: c, files: ['{folder.File("outside.yaml")}']}}]",
            "helmCharts: [{name: a, repo: 'https://example.org'}]",
            "transformers: [\"apiVersion: example.org/v1\\nkind: Exec\\nmetadata: {name: x, annotations: {config.kubernetes.io/function: \\\"exec: {path: /bin/true}\\\"}}\\n\"]"])
            Assert.Equal(HelmErrorKind.RenderFailed, (await FailsAsync(host, Memory(("kustomization.yaml", kustomization)))).Kind);
    }

    [Fact]
    public async Task Without_kubectl_and_without_time_there_is_a_clear_word()
    {
        var request = Memory(("kustomization.yaml", "resources: []"));
        using var none = new HelmHost("3.18.0", options => options with { KubectlPath = folder.File("nowhere") });
        var missing = await FailsAsync(none, request);
        Assert.Equal(HelmErrorKind.BinaryMissing, missing.Kind);
        Assert.Contains("FLEET_KUBECTL", missing.Message, StringComparison.Ordinal);
        using var hasty = new HelmHost("3.18.0", options => options with { KubectlPath = Fleet.Testing.RealParts.Kubectls[0].Path, QuickTimeout = TimeSpan.FromMilliseconds(1) });
        Assert.Equal(HelmErrorKind.Timeout, (await FailsAsync(hasty, request)).Kind);
        Assert.Empty(hasty.LeftOver());
    }

    private static HelmHost Host(string version) =>
        new("3.18.0", options => options with { KubectlPath = Fleet.Testing.RealParts.Kubectls.Single(kubectl => kubectl.Version == version).Path });

    private static KustomizeRequest Memory(params (string Path, string Text)[] files) =>
        new() { Path = "", Files = files.ToDictionary(file => file.Path, file => Encoding.UTF8.GetBytes(file.Text)) };

    private static Task<HelmException> FailsAsync(HelmHost host, KustomizeRequest request) =>
        Assert.ThrowsAsync<HelmException>(() => host.Kustomize.BuildAsync(request, CancellationToken.None));
}

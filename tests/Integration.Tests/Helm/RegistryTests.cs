using System.Text.Json.Nodes;
using Fleet.Helm.Errors;
using Fleet.Helm.Repositories;
using Fleet.Testing;
using Fleet.Testing.Processes;
using Fleet.Testing.Servers;

namespace Fleet.Integration.Tests.Helm;

/// <summary>A real registry and a real repository made by helm.</summary>
public sealed class RegistryTests
{
    // bcrypt of "letmein-please".
    private const string Htpasswd = "ann:$2b$10$g5xE7wT3zWd2HKzdGYbt0.Wh4kZ6arWrpwV65yOBmEh2zDvmZ2F.e\n";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_registry_with_a_login_wants_the_right_one()
    {
        await using var registry = await OciRegistry.StartAsync(Htpasswd);
        using var folder = new TemporaryFolder("push");
        await PushAsync(folder, registry, "1.0.0", "--registry-config", folder.Write("registry.json", Login(registry)));
        using var helm = new HelmHost("3.18.0");
        var source = new RepositorySource($"oci://{registry.Host}/charts") { PlainHttp = true };

        var with = source with { Credentials = new RepositoryCredentials("ann", "letmein-please") };
        Assert.Equal("1.0.0", (await helm.Charts.PullAsync(new ChartReference(with, "demo", "1.0.0"), Ct)).Version);
        foreach (var bad in (RepositorySource[])[source, source with { Credentials = new RepositoryCredentials("ann", "wrong-password") }])
        {
            var e = await Assert.ThrowsAsync<HelmException>(() => helm.Charts.PullAsync(new ChartReference(bad, "demo", "1.0.0"), Ct));
            Assert.Equal(HelmErrorKind.AuthenticationFailed, e.Kind);
            Assert.DoesNotContain("wrong-password", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Ranges_and_build_metadata_work_in_a_registry_and_what_is_missing_is_named()
    {
        var registry = await OciRegistry.SharedAsync();
        using var folder = new TemporaryFolder("push");
        foreach (var version in (string[])["1.0.0", "1.2.0", "1.3.0-rc.1", "2.0.0+build.5"]) await PushAsync(folder, registry, version);
        using var helm = new HelmHost("4.1.4");
        var source = new RepositorySource($"oci://{registry.Host}/charts") { PlainHttp = true };
        Task<Fleet.Helm.Charts.ChartArchive> PullAsync(string chart, string version) => helm.Charts.PullAsync(new ChartReference(source, chart, version), Ct);

        Assert.Equal("1.2.0", (await PullAsync("demo", "^1")).Version);
        Assert.Equal("2.0.0+build.5", (await PullAsync("demo", "")).Version);
        Assert.Equal("1.3.0-rc.1", (await PullAsync("demo", "1.3.0-rc.1")).Version);
        Assert.Equal(HelmErrorKind.ChartNotFound, (await Assert.ThrowsAsync<HelmException>(() => PullAsync("demo", "9.9.9"))).Kind);
        Assert.Equal(HelmErrorKind.ChartNotFound, (await Assert.ThrowsAsync<HelmException>(() => PullAsync("demo", "^9"))).Kind);
        Assert.Equal(HelmErrorKind.ChartNotFound, (await Assert.ThrowsAsync<HelmException>(() => PullAsync("nothing", "1.0.0"))).Kind);
        Assert.Equal(HelmErrorKind.RepositoryUnreachable, (await Assert.ThrowsAsync<HelmException>(() => helm.Charts.PullAsync(
            new ChartReference(new RepositorySource("oci://127.0.0.1:1/charts") { PlainHttp = true }, "demo", "1.0.0"), Ct))).Kind);
    }

    [Fact]
    public async Task A_repository_that_helm_indexed_works_with_a_login_and_through_failures()
    {
        await using var repository = await HelmHttpRepository.StartAsync("ann", "letmein-please");
        using var folder = new TemporaryFolder("repository");
        await repository.AddAsync(TestChart.Write(folder, "1.0.0"), "1.0.0");
        using var helm = new HelmHost("3.18.0", o => o with { IndexFreshFor = TimeSpan.Zero });
        var source = new RepositorySource(repository.Address.ToString()) { Credentials = new RepositoryCredentials("ann", "letmein-please") };
        var chart = await helm.Charts.PullAsync(new ChartReference(source, "demo", "1.x"), Ct);
        Assert.Equal(("demo", "1.0.0", "7"), (chart.Name, chart.Version, chart.Content.Metadata.AppVersion));

        await repository.AddAsync(TestChart.Write(folder, "1.1.0"), "1.1.0");
        Assert.Equal("1.1.0", (await helm.Charts.PullAsync(new ChartReference(source, "demo", "1.x"), Ct)).Version);

        repository.FailWith = 503;
        Assert.Equal(HelmErrorKind.RepositoryUnreachable,
            (await Assert.ThrowsAsync<HelmException>(() => helm.Charts.PullAsync(new ChartReference(source, "demo", "1.x"), Ct))).Kind);
    }

    private static string Login(OciRegistry registry) => new JsonObject
    {
        ["auths"] = new JsonObject { [registry.Host] = new JsonObject { ["auth"] = Convert.ToBase64String("ann:letmein-please"u8) } },
    }.ToJsonString();

    private static async Task PushAsync(TemporaryFolder folder, OciRegistry registry, string version, params string[] login)
    {
        // helm 3.18 cannot push a version with build metadata.
        var helm = Fleet.Testing.RealParts.Helm4.Path;
        (await ProcessOutput.RunAsync(helm, ["package", TestChart.Write(folder, version), "--version", version, "-d", folder.FullPath])).MustSucceed();
        (await ProcessOutput.RunAsync(helm, ["push", folder.File($"demo-{version}.tgz"), $"oci://{registry.Host}/charts", "--plain-http", .. login])).MustSucceed();
    }
}

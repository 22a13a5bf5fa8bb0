using System.Text.Json;
using Fleet.Integration.Tests.Helm;
using Fleet.Testing;
using Fleet.Testing.Servers;

namespace Fleet.Integration.Tests.StateManager;

/// <summary>A chart whose source stands in the template itself.</summary>
public sealed class ChartSourceTests(StateManagerEnvironment environment) : IClassFixture<StateManagerEnvironment>
{
    [Fact]
    public async Task A_chart_in_a_remote_git_repository_is_installed_and_followed()
    {
        using var stage = await ManifestStage.OnAsync(environment, "embedded", "remote-chart");
        using var git = await GitFolder.CreateAsync();
        await using var https = await GitHttpServer.StartAsync(git.Root);
        await CommitAsync(git, "1.0.0");
        await stage.ApplyAsync($$"""
            apiVersion: v1
            kind: Secret
            metadata: {name: NAME-ca}
            stringData: {ca.crt: {{JsonSerializer.Serialize(https.Authority)}} }
            """);
        await stage.ServeAsync(
            "{helm: {chartSource: {path: charts/demo, remoteSourceSpec: {git: {url: '" + https.Address + "charts.git', interval: 1s, ref: {branch: main}, secretRef: {name: NAME-ca}}}}}}");
        var state = await stage.ServiceAsync("Deployed");
        Assert.Equal("Helm", (string?)state["type"]);
        await CommitAsync(git, "1.1.0");
        await stage.TemplateAsync(status => (string?)status?["chartVersion"] == "1.1.0", "at 1.1.0");
        await StateManagerEnvironment.EventuallyAsync(
            () => environment.HelmAsync("list", "-n", stage.Name, "-o", "json"), list => list.Contains("demo-1.1.0", StringComparison.Ordinal), "demo 1.1.0");
    }

    private static async Task CommitAsync(GitFolder git, string version)
    {
        using var folder = new TemporaryFolder("chart");
        var chart = TestChart.Write(folder, version);
        await git.CommitAsync([.. Directory.EnumerateFiles(chart, "*", SearchOption.AllDirectories).Select(file => ("charts/demo/" + Path.GetRelativePath(chart, file), File.ReadAllText(file)))]);
    }
}

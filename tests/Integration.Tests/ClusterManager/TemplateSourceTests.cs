using Fleet.Control.Kinds;
using Fleet.Integration.Tests.Helm;
using Fleet.Kubernetes.Objects;
using Fleet.Testing;
using Fleet.Testing.ApiServers;
using Fleet.Testing.Servers;

namespace Fleet.Integration.Tests.ClusterManager;

public class TemplateSourceTests
{
    private static readonly ResourceKind Templates = FleetKinds.ClusterTemplates.Kind;
    private static readonly ResourceKind ConfigMaps = CoreKinds.ConfigMaps;

    public static TheoryData<string> Servers => [.. ApiServers.Names];

    [Theory, MemberData(nameof(Servers))]
    public async Task A_chart_in_git_is_checked_published_and_followed(string server)
    {
        await using var environment = await TemplateEnvironment.StartAsync(server);
        using var git = await GitFolder.CreateAsync();
        await using var https = await GitHttpServer.StartAsync(git.Root);
        https.Authorization = GitHttpServer.Basic("reader", "a-password-of-git");
        await CommitAsync(git, "1.0.0", schema: true);
        await environment.ApplyAsync($$$$$$"""
            apiVersion: k0rdent.mirantis.com/v1beta1
            kind: ClusterTemplate
            metadata: {name: from-git, namespace: team-a}
            spec: {helm: {chartSpec: {chart: ./charts/demo, interval: 20s, sourceRef: {kind: GitRepository, name: charts}}}}
            """);
        await environment.UntilAsync(Templates, "team-a", "from-git", seen => Error(seen) == "GitRepository team-a/charts does not exist");

        // Nobody touches the template: its source appears, first without credentials that fit.
        await environment.ApplyAsync(Source(https, "wrong"));
        await environment.UntilAsync(Templates, "team-a", "from-git", seen => Error(seen)?.Contains("does not let us in", StringComparison.Ordinal) == true);
        await environment.ApplyAsync(Source(https, "a-password-of-git") + "---\n" + Touched(https));
        var valid = await environment.UntilAsync(Templates, "team-a", "from-git", seen => (bool?)seen?.At("status", "valid") == true);
        Assert.Equal("1.0.0", (string?)valid!.At("status", "chartVersion"));
        Assert.Equal("hello", (string?)valid.At("status", "config", "text"));
        Assert.Equal("schema-ct-from-git", (string?)valid.At("status", "schemaConfigMapName"));
        var schema = await environment.GetAsync(ConfigMaps, "team-a", "schema-ct-from-git");
        Assert.Contains("\"text\"", (string?)schema!.At("data", "schema"), StringComparison.Ordinal);

        // A new version without a schema: what was published goes.
        await CommitAsync(git, "1.1.0", schema: false);
        await environment.UntilAsync(Templates, "team-a", "from-git", seen => (string?)seen?.At("status", "chartVersion") == "1.1.0");
        await environment.UntilAsync(ConfigMaps, "team-a", "schema-ct-from-git", seen => seen is null);
    }

    [Fact]
    public async Task A_repository_that_is_away_takes_nothing_from_those_who_have_its_charts()
    {
        await using var environment = await TemplateEnvironment.StartAsync("embedded");
        using var folder = new TemporaryFolder("charts");
        await using var repository = await HelmHttpRepository.StartAsync();
        await repository.AddAsync(TestChart.Write(folder, "1.0.0"));
        await environment.ApplyAsync($$$$$$"""
            apiVersion: source.toolkit.fluxcd.io/v1
            kind: HelmRepository
            metadata: {name: charts, namespace: kcm-system}
            spec: {url: "{{{{{{repository.Address}}}}}}"}
            ---
            apiVersion: k0rdent.mirantis.com/v1beta1
            kind: ClusterTemplate
            metadata: {name: demo, namespace: kcm-system}
            spec: {helm: {chartSpec: {chart: demo, version: 1.0.0, sourceRef: {kind: HelmRepository, name: charts}}}}
            ---
            apiVersion: k0rdent.mirantis.com/v1beta1
            kind: ClusterTemplate
            metadata: {name: range, namespace: kcm-system}
            spec: {helm: {chartSpec: {chart: demo, version: ^1.0.0, sourceRef: {kind: HelmRepository, name: charts}}}}
            """);
        foreach (var name in (string[])["demo", "range"])
            await environment.UntilAsync(Templates, "kcm-system", name, seen => (bool?)seen?.At("status", "valid") == true);

        // Also a manager that has just started, and so remembers only what is on disk.
        await environment.StopManagerAsync();
        repository.FailWith = 503;
        var before = repository.Requests;
        await environment.StartManagerAsync();
        await environment.ApplyAsync("""
            apiVersion: k0rdent.mirantis.com/v1beta1
            kind: ClusterDeployment
            metadata: {name: web, namespace: team-a}
            spec: {template: demo, dryRun: true, credential: none}
            ---
            apiVersion: k0rdent.mirantis.com/v1beta1
            kind: ClusterTemplate
            metadata: {name: same-chart-again, namespace: kcm-system}
            spec: {helm: {chartSpec: {chart: demo, version: 1.0.0, sourceRef: {kind: HelmRepository, name: charts}}}}
            ---
            apiVersion: k0rdent.mirantis.com/v1beta1
            kind: ClusterTemplate
            metadata: {name: other, namespace: kcm-system}
            spec: {helm: {chartSpec: {chart: demo, version: 2.0.0, sourceRef: {kind: HelmRepository, name: charts}}}}
            """);
        await environment.UntilAsync(Templates, "kcm-system", "other", seen => Error(seen)?.Contains("503", StringComparison.Ordinal) == true);
        await environment.UntilAsync(Templates, "kcm-system", "same-chart-again", seen => (bool?)seen?.At("status", "valid") == true);
        await environment.UntilAsync(FleetKinds.ClusterDeployments.Kind, "team-a", "web", seen => Condition(seen, "HelmChartReady") == "True");
        Assert.True(repository.Requests > before, "nobody asked the repository, so its absence was not noticed");
        foreach (var name in (string[])["demo", "range"])
            Assert.True((bool?)(await environment.GetAsync(Templates, "kcm-system", name))!.At("status", "valid"));
    }

    private static string? Error(DynamicObject? template) => (string?)template?.At("status", "validationError");

    private static string? Condition(DynamicObject? item, string type) =>
        (string?)(item?.At("status", "conditions") as System.Text.Json.Nodes.JsonArray)?.FirstOrDefault(condition => (string?)condition?["type"] == type)?["status"];

    private static async Task CommitAsync(GitFolder git, string version, bool schema)
    {
        using var folder = new TemporaryFolder("chart");
        var chart = TestChart.Write(folder, version);
        if (!schema && File.Exists(Path.Combine(git.Work, "charts", "demo", "values.schema.json")))
            File.Delete(Path.Combine(git.Work, "charts", "demo", "values.schema.json"));
        await git.CommitAsync(
        [
            .. Directory.EnumerateFiles(chart, "*", SearchOption.AllDirectories)
                .Where(file => schema || !file.EndsWith("schema.json", StringComparison.Ordinal))
                .Select(file => ("charts/demo/" + Path.GetRelativePath(chart, file), File.ReadAllText(file))),
        ]);
    }

    private static string Source(GitHttpServer https, string password) => $$$$$$"""
        apiVersion: v1
        kind: Secret
        metadata: {name: git-access, namespace: team-a}
        stringData: {username: reader, password: {{{{{{password}}}}}}, ca.crt: {{{{{{System.Text.Json.JsonSerializer.Serialize(https.Authority)}}}}}} }
        ---
        apiVersion: source.toolkit.fluxcd.io/v1
        kind: GitRepository
        metadata: {name: charts, namespace: team-a}
        spec: {url: "{{{{{{https.Address}}}}}}charts.git", interval: 1m, ref: {branch: main}, secretRef: {name: git-access}}

        """;

    private static string Touched(GitHttpServer https) => $$$$$$"""
        apiVersion: source.toolkit.fluxcd.io/v1
        kind: GitRepository
        metadata: {name: charts, namespace: team-a, annotations: {reconcile.fluxcd.io/requestedAt: now} }
        spec: {url: "{{{{{{https.Address}}}}}}charts.git", interval: 1m, ref: {branch: main}, secretRef: {name: git-access}}
        """;
}

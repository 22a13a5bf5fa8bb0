using System.Text.Json.Nodes;
using Fleet.Helm.Catalog;
using Fleet.Helm.Charts;
using Fleet.Helm.Errors;
using Fleet.Helm.Releases;
using Fleet.Helm.Values;
using Fleet.Integration.Tests.Helm;
using Fleet.Kubernetes.Yaml;

namespace Fleet.Integration.Tests.Catalog;

/// <summary>
/// Every chart of the catalog over representative values: Cases/CHART/CASE/in.yaml gives out.yaml, with every helm. With FLEET_ACCEPT=1 the results are
/// written as the new expectation (and the test fails, so that this never passes unseen).
/// </summary>
public sealed class CatalogRenderTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, string> Cases
    {
        get
        {
            var all = new TheoryData<string, string, string>();
            foreach (var version in Fleet.Testing.RealParts.Helms.Select(h => h.Version))
                foreach (var chart in CatalogSource.ChartNames)
                    foreach (var folder in Directory.EnumerateDirectories(Path.Combine(CatalogSource.Cases, chart)).Order(StringComparer.Ordinal))
                        all.Add(version, chart, Path.GetFileName(folder));
            return all;
        }
    }

    public static TheoryData<string, string> Charts
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (var version in Fleet.Testing.RealParts.Helms.Select(h => h.Version))
                foreach (var chart in CatalogSource.ChartNames) all.Add(version, chart);
            return all;
        }
    }

    public static TheoryData<string, string, string> WrongValues => new()
    {
        { "aws-standalone-cp", "region: Paris", "region" },
        { "aws-standalone-cp", "workersNumber: -1", "workersNumber" },
        { "aws-standalone-cp", "workersNumber: many", "workersNumber" },
        { "aws-standalone-cp", "controlPlane: {instanceTyp: t3.small}", "controlPlane" },
        { "aws-standalone-cp", "kubernetes: {version: \"1.33\"}", "kubernetes.version" },
        { "simulated-standalone-cp", "worker: {memory: lots}", "worker.memory" },
        { "simulated-standalone-cp", "controlPlaneNumber: 0", "controlPlaneNumber" },
        { "adopted-cluster", "consecutiveFailureThreshold: 0", "consecutiveFailureThreshold" },
        { "simple-nginx", "service: {type: External}", "service.type" },
        { "simple-nginx", "containerPort: 80", "containerPort" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_chart_renders_as_expected(string version, string chart, string name)
    {
        using var helm = new HelmHost(version);
        var folder = Path.Combine(CatalogSource.Cases, chart, name);
        var manifest = await helm.Releases.TemplateAsync(new TemplateRequest
        {
            Release = new ReleaseName("mon-organisation", "mon-cluster-web"),
            Chart = await ImportAsync(helm, chart),
            Values = YamlValues.ParseObject(await File.ReadAllTextAsync(Path.Combine(folder, "in.yaml"), Ct)),
        }, Ct);
        var rendered = KubernetesYaml.WriteAll(KubernetesYaml.ReadAll(manifest)
            .OrderBy(o => (string?)o["kind"], StringComparer.Ordinal).ThenBy(o => (string?)o["metadata"]?["name"], StringComparer.Ordinal));

        var expected = Path.Combine(folder, "out.yaml");
        if (Environment.GetEnvironmentVariable("FLEET_ACCEPT") == "1")
        {
            await File.WriteAllTextAsync(expected, rendered, Ct);
            Assert.Fail("Accepted; look at the difference and run again without FLEET_ACCEPT.");
        }
        Assert.Equal(await File.ReadAllTextAsync(expected, Ct), rendered);
    }

    [Theory]
    [MemberData(nameof(Charts))]
    public async Task A_chart_lints_clean(string version, string chart)
    {
        using var helm = new HelmHost(version);
        JsonObject? values = chart == "adopted-cluster" ? new JsonObject { ["clusterIdentity"] = new JsonObject { ["name"] = "kubeconfig" } } : null;
        Assert.Empty(await helm.Releases.LintAsync(Path.Combine(CatalogSource.Charts, chart), values, Ct));
    }

    [Theory]
    [MemberData(nameof(WrongValues))]
    public async Task The_schema_names_the_wrong_value(string chart, string values, string path)
    {
        foreach (var version in Fleet.Testing.RealParts.Helms.Select(h => h.Version))
        {
            using var helm = new HelmHost(version);
            var e = await Assert.ThrowsAsync<HelmException>(async () => await helm.Releases.TemplateAsync(new TemplateRequest
            {
                Release = new ReleaseName("a", "b"),
                Chart = await ImportAsync(helm, chart),
                Values = YamlValues.ParseObject(values),
            }, Ct));
            Assert.Equal(HelmErrorKind.ValuesInvalid, e.Kind);
            Assert.Equal((chart, path), (Assert.Single(e.Violations).Chart, e.Violations[0].Path));
        }
    }

    [Fact]
    public async Task An_adopted_cluster_without_a_kubeconfig_says_what_is_missing()
    {
        using var helm = new HelmHost("3.18.0");
        var e = await Assert.ThrowsAsync<HelmException>(async () => await helm.Releases.TemplateAsync(
            new TemplateRequest { Release = new ReleaseName("a", "b"), Chart = await ImportAsync(helm, "adopted-cluster") }, Ct));
        Assert.Contains("identityRef", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_instance_type_makes_a_new_machine_template_and_another_number_does_not()
    {
        using var helm = new HelmHost("4.1.4");
        var first = await WorkerTemplateAsync(helm, "{}");
        Assert.Equal(first, await WorkerTemplateAsync(helm, "workersNumber: 7"));
        Assert.Equal(first, await WorkerTemplateAsync(helm, "controlPlane: {instanceType: m7i.large}"));
        Assert.NotEqual(first, await WorkerTemplateAsync(helm, "worker: {instanceType: m7i.large}"));
    }

    [Fact]
    public async Task The_readme_names_every_value()
    {
        foreach (var chart in CatalogSource.ChartNames)
        {
            var content = (await ChartPackager.PackAsync(Path.Combine(CatalogSource.Charts, chart), Ct)).Content;
            Assert.All(Leaves(content.Values, ""), path => Assert.Contains($"| `{path}` |", content.Readme, StringComparison.Ordinal));
        }
    }

    private static async Task<string> WorkerTemplateAsync(HelmHost helm, string values)
    {
        var manifest = await helm.Releases.TemplateAsync(new TemplateRequest
        {
            Release = new ReleaseName("a", "b"),
            Chart = await ImportAsync(helm, "aws-standalone-cp"),
            Values = YamlValues.ParseObject(values),
        }, Ct);
        var deployment = KubernetesYaml.ReadAll(manifest).Single(o => (string?)o["kind"] == "MachineDeployment");
        return (string)deployment["spec"]!["template"]!["spec"]!["infrastructureRef"]!["name"]!;
    }

    private static async Task<ChartArchive> ImportAsync(HelmHost helm, string chart)
    {
        var packed = await ChartPackager.PackAsync(Path.Combine(CatalogSource.Charts, chart), Ct);
        return await helm.Charts.ImportAsync(new MemoryStream(packed.Bytes), Ct);
    }

    private static IEnumerable<string> Leaves(JsonObject values, string prefix) =>
        values.SelectMany(v => v.Value is JsonObject { Count: > 0 } map ? Leaves(map, prefix + v.Key + ".") : [prefix + v.Key]);
}

using System.Text.Json.Nodes;
using Fleet.Helm.Charts;
using Fleet.Helm.Errors;
using Fleet.Helm.Releases;
using Fleet.Helm.Values;
using Fleet.Integration.Tests.Helm;
using Fleet.Kubernetes.Yaml;

namespace Fleet.Integration.Tests.Catalog;

/// <summary>
/// Charts that were published already, over representative values: Cases/CHART/CASE/in.yaml gives out.yaml, with every helm. With FLEET_ACCEPT=1 the
/// results are written as the new expectation (and the test fails, so that this never passes unseen). What newer charts must render is in
/// <see cref="ClusterChartTests"/>.
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
                foreach (var chart in Directory.EnumerateDirectories(CatalogSource.Cases).Order(StringComparer.Ordinal))
                    foreach (var folder in Directory.EnumerateDirectories(chart).Order(StringComparer.Ordinal))
                        all.Add(version, Path.GetFileName(chart), Path.GetFileName(folder));
            return all;
        }
    }

    public static TheoryData<string> Charts => [.. CatalogSource.ChartFolders];

    public static TheoryData<string, string, string> WrongValues => new()
    {
        { "aws-standalone-cp-0.1.0", "region: Paris", "region" },
        { "aws-standalone-cp-0.1.0", "workersNumber: -1", "workersNumber" },
        { "aws-standalone-cp-0.1.0", "workersNumber: many", "workersNumber" },
        { "aws-standalone-cp-0.1.0", "controlPlane: {instanceTyp: t3.small}", "controlPlane" },
        { "aws-standalone-cp-0.1.0", "kubernetes: {version: \"1.33\"}", "kubernetes.version" },
        { "simulated-standalone-cp-0.1.0", "worker: {memory: lots}", "worker.memory" },
        { "simulated-standalone-cp-0.1.0", "controlPlaneNumber: 0", "controlPlaneNumber" },
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
    public async Task A_chart_lints_clean_and_both_helms_render_the_same(string chart)
    {
        using var folder = new Fleet.Testing.TemporaryFolder("lint");
        var packed = await CatalogSource.PackAsync(chart);
        await File.WriteAllBytesAsync(folder.File(packed.FileName), packed.Bytes, Ct);
        var least = chart == "adopted-cluster" ? "clusterIdentity: {name: kubeconfig}" : ClusterChart.All.FirstOrDefault(c => c.Folder == chart)?.LeastValues ?? "{}";
        var manifests = new List<string>();
        foreach (var version in Fleet.Testing.RealParts.Helms.Select(h => h.Version))
        {
            using var helm = new HelmHost(version);
            Assert.Empty(await helm.Releases.LintAsync(folder.File(packed.FileName), YamlValues.ParseObject(least), Ct));
            manifests.Add(KubernetesYaml.WriteAll((await RenderedChart.RenderAsync(helm, chart, least)).Objects
                .OrderBy(o => (string?)o["kind"], StringComparer.Ordinal).ThenBy(o => (string?)o["metadata"]?["name"], StringComparer.Ordinal)));
        }
        Assert.All(manifests, m => Assert.Equal(manifests[0], m));
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
            Assert.Equal((chart.Replace("-0.1.0", "", StringComparison.Ordinal), path), (Assert.Single(e.Violations).Chart, e.Violations[0].Path));
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

    [Theory]
    [MemberData(nameof(Charts))]
    public async Task The_readme_and_the_schema_name_every_value(string chart)
    {
        var content = (await CatalogSource.PackAsync(chart)).Content;
        Assert.All(Leaves(content.Values, ""), path => Assert.Contains($"| `{path}` |", content.Readme, StringComparison.Ordinal));
        if (!content.Metadata.Dependencies.Any(d => d.Name == "cluster-parts")) return;

        // A name that is written wrong is refused at every level, and every value says what it means.
        var schema = JsonNode.Parse(content.Schema!)!.AsObject();
        Assert.All(Objects(schema), o => Assert.True(o.ContainsKey("additionalProperties"), o.ToJsonString()));
        Assert.All(Leaves(content.Values, ""), path => Assert.True(IsDescribed(schema, path.Split('.')), path));
    }

    [Fact]
    public async Task What_charts_have_in_common_they_describe_alike()
    {
        var seen = new Dictionary<string, (string Chart, string Schema)>(StringComparer.Ordinal);
        foreach (var chart in ClusterChart.All)
        {
            var properties = JsonNode.Parse((await CatalogSource.PackAsync(chart.Folder)).Content.Schema!)!["properties"]!;
            foreach (var name in (string[])["clusterLabels", "clusterAnnotations", "clusterNetwork", "auth", "encryption", chart.IsKubeadm ? "audit" : "", chart.IsKubeadm ? "kubernetes" : "", chart.IsKubeadm ? "global" : ""])
                if (properties[name] is { } schema && !seen.TryAdd(name, (chart.Folder, schema.ToJsonString())))
                    Assert.True(seen[name].Schema == schema.ToJsonString(), $"{name} of {chart.Folder} is not described as in {seen[name].Chart}");
        }
        Assert.Equal(8, seen.Count);
    }

    private static async Task<ChartArchive> ImportAsync(HelmHost helm, string chart)
    {
        var packed = await CatalogSource.PackAsync(chart);
        return await helm.Charts.ImportAsync(new MemoryStream(packed.Bytes), Ct);
    }

    private static IEnumerable<string> Leaves(JsonObject values, string prefix) =>
        values.SelectMany(v => v.Value is JsonObject { Count: > 0 } map ? Leaves(map, prefix + v.Key + ".") : [prefix + v.Key]);

    private static IEnumerable<JsonObject> Objects(JsonNode? node)
    {
        if (node is not JsonObject map || map["properties"] is not JsonObject properties) yield break;
        yield return map;
        foreach (var inner in properties.SelectMany(p => Objects(p.Value)))
            yield return inner;
    }

    /// <summary>Whether the deepest part of the schema on the way to a value says what it means.</summary>
    private static bool IsDescribed(JsonNode schema, string[] path)
    {
        foreach (var step in path)
        {
            if (schema["properties"]?[step] is not { } next) break;
            schema = next;
        }
        return schema["description"] is not null;
    }
}

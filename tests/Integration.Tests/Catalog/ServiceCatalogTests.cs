using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Fleet.ClusterManager.Admission;
using Fleet.Control.Templates;
using Fleet.ControlPlane.Schemas;
using Fleet.Helm.Versions;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Yaml;

namespace Fleet.Integration.Tests.Catalog;

/// <summary>The templates of services, as files: they are accepted, pinned, complete, and the list of docs/catalog.md says of each how it was tried. No network.</summary>
public sealed partial class ServiceCatalogTests
{
    /// <summary>`fleet up` makes it, for our own charts.</summary>
    private const string OwnRepository = "kcm-templates";

    private static readonly List<(string File, JsonObject Object)> All =
    [
        .. Directory.EnumerateFiles(CatalogSource.Services).Order(StringComparer.Ordinal)
            .SelectMany(file => KubernetesYaml.ReadAll(File.ReadAllText(file)).Select(o => (Path.GetFileNameWithoutExtension(file), o))),
    ];

    private static readonly List<(string File, JsonObject Object)> Templates = [.. All.Where(x => Kind(x.Object) == "ServiceTemplate")];

    public static TheoryData<string> Files => [.. All.Select(x => x.File).Distinct()];

    [Theory, MemberData(nameof(Files))]
    public void Every_object_is_accepted_by_its_definition_and_by_the_rules(string file)
    {
        foreach (var (_, manifest) in All.Where(x => x.File == file))
        {
            var kind = GroupVersionKind.Parse((string)manifest["apiVersion"]!, Kind(manifest));
            Assert.Contains(kind.Kind, (string[])["HelmRepository", "ServiceTemplate", "ServiceTemplateChain"]);
            var schema = SchemaReader.Read(Definition(kind));
            Assert.Empty(SchemaPruning.FindUnknown(manifest, schema));
            Assert.Empty(SchemaValidation.Validate(manifest, null, schema));
            Assert.Empty(ManifestRules.Check(kind.Group, kind.Kind, manifest, null).Select(p => $"{p.Field}: {p.Message}"));
            Assert.Equal("kcm-system", (string?)manifest["metadata"]!["namespace"]);
        }
    }

    [Fact]
    public void Names_are_unique_and_say_chart_and_version()
    {
        Assert.Equal(All.Count, All.Select(x => (Kind(x.Object), Name(x.Object))).Distinct().Count());
        foreach (var (_, template) in Templates)
        {
            var version = (string)Chart(template)["version"]!;
            Assert.EndsWith("-" + version.TrimStart('v').Replace('.', '-'), Name(template), StringComparison.Ordinal);
            // A range would make two clusters of one template differ.
            Assert.Matches(ExactVersion(), version);
            Assert.NotNull(SemanticVersion.TryParse(version));
            Assert.Null(KubernetesCompatibility.ConstraintProblem((string?)template["spec"]!["k8sConstraint"]));
        }
    }

    [Fact]
    public void Every_template_has_its_repository_in_the_same_file()
    {
        foreach (var (file, template) in Templates.Where(t => t.File != "fleet"))
        {
            var repository = Assert.Single(All, x => x.File == file && Kind(x.Object) == "HelmRepository").Object;
            Assert.Equal((Name(repository), file), ((string)Chart(template)["sourceRef"]!["name"]!, Name(repository)));
            Assert.StartsWith("https://", (string?)repository["spec"]!["url"], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Templates_of_our_own_charts_are_those_that_are_served()
    {
        var own = Templates.Where(t => t.File == "fleet").Select(t => t.Object).ToList();
        Assert.All(own, t => Assert.Equal(OwnRepository, (string?)Chart(t)["sourceRef"]!["name"]));
        foreach (var template in own)
        {
            var metadata = (await CatalogSource.PackAsync((string)Chart(template)["chart"]!)).Content.Metadata;
            Assert.Equal(metadata.Version, (string?)Chart(template)["version"]);
            Assert.Equal(metadata.KubeVersion, (string?)template["spec"]!["k8sConstraint"]);
        }
    }

    [Fact]
    public void Several_versions_of_a_chart_have_a_chain_that_names_exactly_those()
    {
        var chains = All.Where(x => Kind(x.Object) == "ServiceTemplateChain").ToDictionary(x => Name(x.Object), x => x.Object, StringComparer.Ordinal);
        foreach (var versions in Templates.GroupBy(t => ((string)Chart(t.Object)["sourceRef"]!["name"]!, (string)Chart(t.Object)["chart"]!)).Where(g => g.Count() > 1))
        {
            var names = versions.Select(v => Name(v.Object)).ToList();
            var chain = Assert.Single(chains, c => Supported(c.Value).Intersect(names).Any());
            Assert.Equal(names, Supported(chain.Value));
            chains.Remove(chain.Key);
        }
        Assert.Empty(chains);
    }

    /// <summary>The last column, in words, is what was tried; the rest of a row is what the files say.</summary>
    [Fact]
    public void The_list_and_the_files_agree()
    {
        var rows = File.ReadAllLines(CatalogSource.List).Where(line => RowOfTemplate().IsMatch(line)).ToList();
        Assert.Equal(Templates.Select(Row), rows.Select(row => row[..(row.TrimEnd('|', ' ').LastIndexOf('|') + 1)]));
        Assert.All(rows, row => Assert.Matches(HowTried(), row));
    }

    private static string Row((string File, JsonObject Object) template)
    {
        var chart = Chart(template.Object);
        var repository = All.Find(x => x.File == template.File && Kind(x.Object) == "HelmRepository").Object;
        var constraint = (string?)template.Object["spec"]!["k8sConstraint"];
        return $"| {template.File} | `{Name(template.Object)}` | `{(string?)chart["chart"]}` | {(string?)chart["version"]} | {(string?)repository?["spec"]?["url"] ?? "`fleet up`"} | {(constraint is null ? "—" : $"`{constraint}`")} |";
    }

    private static JsonObject Definition(GroupVersionKind kind)
    {
        foreach (var file in Directory.EnumerateFiles(CatalogSource.Definitions, kind.Group + "_*.yaml"))
            foreach (var definition in KubernetesYaml.ReadAll(File.ReadAllText(file)).Where(d => (string?)d["spec"]!["names"]!["kind"] == kind.Kind))
                return (JsonObject)((JsonArray)definition["spec"]!["versions"]!).Single(v => (string?)v!["name"] == kind.Version)!["schema"]!["openAPIV3Schema"]!;
        throw new FileNotFoundException($"no definition of {kind}");
    }

    private static IEnumerable<string> Supported(JsonObject chain) => ((JsonArray)chain["spec"]!["supportedTemplates"]!).Select(t => (string)t!["name"]!);

    private static JsonNode Chart(JsonObject template) => template["spec"]!["helm"]!["chartSpec"]!;

    private static string Kind(JsonObject manifest) => (string)manifest["kind"]!;

    private static string Name(JsonObject manifest) => (string)manifest["metadata"]!["name"]!;

    [GeneratedRegex(@"^v?\d+\.\d+\.\d+$")]
    private static partial Regex ExactVersion();

    [GeneratedRegex(@"^\| \S+ \| `[a-z0-9-]+-\d+-\d+-\d+` \|")]
    private static partial Regex RowOfTemplate();

    [GeneratedRegex(@"\| (installed by hand|installed in a test|only declared)[^|]*\|$")]
    private static partial Regex HowTried();
}

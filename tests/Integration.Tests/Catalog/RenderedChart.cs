using System.Text.Json.Nodes;
using Fleet.Helm.Releases;
using Fleet.Helm.Values;
using Fleet.Integration.Tests.Helm;
using Fleet.Kubernetes.Yaml;

namespace Fleet.Integration.Tests.Catalog;

/// <summary>The objects that a chart of the catalog renders to.</summary>
internal sealed class RenderedChart(IReadOnlyList<JsonObject> objects)
{
    public const string Release = "mon-cluster";
    public const string Namespace = "mon-organisation";

    public IReadOnlyList<JsonObject> Objects => objects;

    public IEnumerable<string> Names => objects.Select(o => $"{o["kind"]}/{o["metadata"]!["name"]}");

    public static async Task<RenderedChart> RenderAsync(HelmHost helm, string folder, params string[] values)
    {
        var merged = new JsonObject();
        foreach (var text in values) Merge(merged, YamlValues.ParseObject(text));
        var packed = await CatalogSource.PackAsync(folder);
        var ct = TestContext.Current.CancellationToken;
        var manifest = await helm.Releases.TemplateAsync(new TemplateRequest
        {
            Release = new ReleaseName(Namespace, Release),
            Chart = await helm.Charts.ImportAsync(new MemoryStream(packed.Bytes), ct),
            Values = merged,
        }, ct);
        return new([.. KubernetesYaml.ReadAll(manifest)]);
    }

    public JsonObject Single(string kind) => Assert.Single(objects, o => (string?)o["kind"] == kind);

    public IEnumerable<JsonObject> All(string kind) => objects.Where(o => (string?)o["kind"] == kind);

    /// <summary>A field by a path such as <c>spec.items.0.name</c>; <c>~</c> stands for a dot inside a name.</summary>
    public static JsonNode? At(JsonNode? node, string path)
    {
        foreach (var step in path.Split('.').Select(s => s.Replace('~', '.')))
            node = node is JsonArray list ? list[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)] : node?[step];
        return node;
    }

    /// <summary>Value of an argument in kubeadm's form, a list of name and value; null when it is not there.</summary>
    public static string? Argument(JsonNode? arguments, string name) =>
        (string?)(arguments as JsonArray ?? []).SingleOrDefault(a => (string?)a!["name"] == name)?["value"];

    private static void Merge(JsonObject into, JsonObject from)
    {
        foreach (var (name, value) in from)
            if (value is JsonObject map && into[name] is JsonObject known) Merge(known, map);
            else into[name] = value?.DeepClone();
    }
}

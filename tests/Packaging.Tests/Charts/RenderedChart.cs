using System.Text.Json.Nodes;
using Fleet.Kubernetes.Yaml;

namespace Fleet.Packaging.Tests.Charts;

/// <summary>The chart, rendered by real helm.</summary>
internal sealed class RenderedChart(IReadOnlyList<JsonObject> objects)
{
    private static readonly string Folder = Repository.Path("deploy", "helm", "fleet");

    public IReadOnlyList<JsonObject> Objects => objects;

    public static RenderedChart Of(string helm, params string[] values)
    {
        var (code, output, error) = Render(helm, values);
        Assert.True(code == 0, error);
        return new([.. KubernetesYaml.ReadAll(output)]);
    }

    public static (int Code, string Out, string Error) Render(string helm, params string[] values) =>
        Repository.Run(Repository.Helm(helm), ["template", "fleet", Folder, "-n", "kcm-system", "--api-versions", "policy/v1", .. values.SelectMany(value => new[] { "--set", value })]);

    public IEnumerable<JsonObject> Of(string kind) => objects.Where(item => (string?)item["kind"] == kind);

    /// <summary>Everything that has a template of pods, with that template.</summary>
    public IEnumerable<(string Name, JsonObject Labels, JsonObject Spec)> Pods() =>
        from item in objects
        let template = item["spec"]?["template"] as JsonObject
        where template?["spec"]?["containers"] is not null
        select (Name(item), (JsonObject)template["metadata"]!["labels"]!, (JsonObject)template["spec"]!);

    public static string Name(JsonObject item) => (string)item["metadata"]!["name"]!;

    /// <summary>Whether the matchLabels fit.</summary>
    public static bool Selects(JsonNode selector, JsonObject labels) => selector.AsObject().All(wanted => (string?)labels[wanted.Key] == (string?)wanted.Value);

    public static IEnumerable<string> Texts(JsonNode? list) => list?.AsArray().Select(item => (string)item!) ?? [];

    public bool Has(string kind, string name) => Of(kind).Any(item => Name(item) == name);
}

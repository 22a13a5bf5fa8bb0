using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Fleet.Helm.Versions;

namespace Fleet.Helm.Charts;

internal static partial class ChartMetadataReader
{
    public static ChartMetadata Read(JsonObject chart)
    {
        var name = Text(chart, "name");
        var version = Text(chart, "version");
        if (!NamePattern().IsMatch(name)) throw new InvalidDataException($"Chart.yaml: name \"{name}\" is not a chart name (letters, digits, dash, dot, underscore).");
        if (SemanticVersion.TryParse(version) is null) throw new InvalidDataException($"Chart.yaml: version \"{version}\" is not a semantic version, for instance 1.0.0.");
        return new ChartMetadata
        {
            ApiVersion = Text(chart, "apiVersion"),
            Name = name,
            Version = version,
            AppVersion = Text(chart, "appVersion"),
            Description = Text(chart, "description"),
            KubeVersion = Text(chart, "kubeVersion"),
            Type = Text(chart, "type") is { Length: > 0 } type ? type : "application",
            Deprecated = chart["deprecated"] is JsonValue value && value.TryGetValue<bool>(out var deprecated) && deprecated,
            Annotations = chart["annotations"] is JsonObject annotations
                ? annotations.ToDictionary(a => a.Key, a => a.Value?.ToString() ?? "", StringComparer.Ordinal)
                : new Dictionary<string, string>(StringComparer.Ordinal),
            Dependencies = chart["dependencies"] is JsonArray list ? [.. list.OfType<JsonObject>().Select(Dependency)] : [],
        };
    }

    private static ChartDependency Dependency(JsonObject entry) =>
        new(Text(entry, "name"), Text(entry, "version"), Text(entry, "repository"), Text(entry, "alias") is { Length: > 0 } alias ? alias : null);

    private static string Text(JsonObject map, string key) => map[key] is JsonValue value ? value.ToString() : "";

    [GeneratedRegex("^[a-zA-Z0-9._-]{1,250}$", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();
}

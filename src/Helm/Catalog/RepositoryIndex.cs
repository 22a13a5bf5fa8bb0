using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Helm.Versions;

namespace Fleet.Helm.Catalog;

/// <summary>
/// index.yaml of a Helm repository, written as JSON (which is YAML, and needs no quoting rules). Archives are named relative to it; it carries no times,
/// so the same charts give the same index.
/// </summary>
public static class RepositoryIndex
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static string Of(IEnumerable<PackagedChart> charts)
    {
        var entries = new JsonObject();
        foreach (var group in charts.GroupBy(c => c.Content.Metadata.Name, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
            entries[group.Key] = new JsonArray([.. group.OrderByDescending(c => SemanticVersion.TryParse(c.Content.Metadata.Version)).Select(Entry)]);
        return new JsonObject { ["apiVersion"] = "v1", ["entries"] = entries }.ToJsonString(Indented) + "\n";
    }

    private static JsonObject Entry(PackagedChart chart)
    {
        var metadata = chart.Content.Metadata;
        var entry = new JsonObject
        {
            ["apiVersion"] = metadata.ApiVersion,
            ["name"] = metadata.Name,
            ["version"] = metadata.Version,
            ["description"] = metadata.Description,
            ["type"] = metadata.Type,
            ["digest"] = chart.Digest,
            ["urls"] = new JsonArray(chart.FileName),
        };
        if (metadata.AppVersion.Length > 0) entry["appVersion"] = metadata.AppVersion;
        if (metadata.KubeVersion.Length > 0) entry["kubeVersion"] = metadata.KubeVersion;
        if (metadata.Deprecated) entry["deprecated"] = true;
        if (metadata.Annotations.Count > 0)
            entry["annotations"] = new JsonObject(metadata.Annotations.OrderBy(a => a.Key, StringComparer.Ordinal)
                .Select(a => KeyValuePair.Create(a.Key, (JsonNode?)a.Value)));
        return entry;
    }
}

using System.Text.Json.Nodes;
using Fleet.Helm.Releases;

namespace Fleet.StateManager.Inventory;

/// <summary>What Helm writes on every object that it applies, over whatever the chart says, and by which it knows its own.</summary>
internal static class HelmMetadata
{
    public const string Selector = ManagedBy + "=Helm";

    private const string ManagedBy = "app.kubernetes.io/managed-by";
    private const string NameAnnotation = "meta.helm.sh/release-name";
    private const string NamespaceAnnotation = "meta.helm.sh/release-namespace";

    /// <summary>The release that the object says it belongs to; null when it says none.</summary>
    public static ReleaseName? ReleaseOf(JsonObject root) =>
        root["metadata"] is JsonObject metadata && Text(metadata, "annotations", NameAnnotation) is { } name
            ? new ReleaseName(Text(metadata, "annotations", NamespaceAnnotation) ?? (string?)metadata["namespace"] ?? "", name)
            : null;

    public static void Add(JsonObject manifest, ReleaseName release)
    {
        var metadata = Map(manifest, "metadata");
        Map(metadata, "labels")[ManagedBy] = "Helm";
        var annotations = Map(metadata, "annotations");
        annotations[NameAnnotation] = release.Name;
        annotations[NamespaceAnnotation] = release.Namespace;
    }

    private static string? Text(JsonObject metadata, string map, string key) =>
        (metadata[map] as JsonObject)?[key] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static JsonObject Map(JsonObject parent, string name)
    {
        if (parent[name] is JsonObject map)
            return map;
        var made = new JsonObject();
        parent[name] = made;
        return made;
    }
}

using System.Text.Json.Nodes;
using Fleet.Control.Kinds;

namespace Fleet.StateManager.Reloading;

/// <summary>The ConfigMaps and Secrets that a pod template mounts or takes variables from. Pure.</summary>
internal static class PodSources
{
    /// <param name="template">Of a workload: <c>spec.template</c>.</param>
    /// <param name="namespace">The workload's.</param>
    public static IReadOnlyList<MountedSource> Of(JsonNode? template, string @namespace)
    {
        if ((template as JsonObject)?["spec"] is not JsonObject pod)
            return [];
        var names = Items(pod["volumes"]).SelectMany(Volume)
            .Concat(Items(pod["containers"]).Concat(Items(pod["initContainers"])).SelectMany(Container));
        return
        [
            .. names.Where(source => !string.IsNullOrEmpty(source.Name)).Distinct()
                .Select(source => new MountedSource(source.Kind, new(@namespace, source.Name!)))
                .OrderBy(source => source.ToString(), StringComparer.Ordinal),
        ];
    }

    private static IEnumerable<(string Kind, string? Name)> Volume(JsonObject volume) =>
    [
        (CoreKinds.ConfigMaps.Kind, Text(volume["configMap"], "name")),
        (CoreKinds.Secrets.Kind, Text(volume["secret"], "secretName")),
        .. Items((volume["projected"] as JsonObject)?["sources"]).SelectMany(source => Pair(source["configMap"], source["secret"])),
    ];

    private static IEnumerable<(string Kind, string? Name)> Container(JsonObject container) =>
    [
        .. Items(container["envFrom"]).SelectMany(from => Pair(from["configMapRef"], from["secretRef"])),
        .. Items(container["env"]).Select(variable => variable["valueFrom"] as JsonObject).SelectMany(from => Pair(from?["configMapKeyRef"], from?["secretKeyRef"])),
    ];

    private static IEnumerable<(string Kind, string? Name)> Pair(JsonNode? configMap, JsonNode? secret) =>
        [(CoreKinds.ConfigMaps.Kind, Text(configMap, "name")), (CoreKinds.Secrets.Kind, Text(secret, "name"))];

    private static IEnumerable<JsonObject> Items(JsonNode? list) => (list as JsonArray ?? []).OfType<JsonObject>();

    private static string? Text(JsonNode? map, string field) => (map as JsonObject)?[field] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}

using System.Text.Json.Nodes;

namespace Fleet.ClusterManager.Admission;

/// <summary>
/// Fields that are accepted because upstream's manifests carry them, and that this version does not act on. Whoever sets one is told at
/// once (kubectl prints warnings), instead of finding out later. Pure.
/// </summary>
public static class IgnoredFields
{
    private static readonly Dictionary<string, string[][]> Fields = new()
    {
        ["ClusterDeployment"] = [["spec", "serviceSpec", "provider", "selfManagement"]],
        ["ClusterTemplate"] = [["spec", "helm", "chartSpec", "valuesFiles"], ["spec", "helm", "chartSpec", "suspend"]],
        ["ServiceTemplate"] = [["spec", "helm", "chartSpec", "valuesFiles"], ["spec", "helm", "chartSpec", "suspend"]],
    };

    public static IReadOnlyList<string> Warnings(string kind, JsonObject wanted)
    {
        return
        [
            .. Fields.GetValueOrDefault(kind, [])
                .SelectMany(path => Set(wanted, path, 0, ""))
                .Select(path => $"{path} is accepted but not acted on in this version"),
        ];
    }

    /// <summary>Paths of this form that hold something; false, empty lists and the like do not count.</summary>
    private static IEnumerable<string> Set(JsonNode? node, string[] path, int depth, string written)
    {
        if (depth == path.Length)
            return IsEmpty(node) ? [] : [written];
        return Set((node as JsonObject)?[path[depth]], path, depth + 1, written.Length == 0 ? path[depth] : $"{written}.{path[depth]}");
    }

    private static bool IsEmpty(JsonNode? node) => node switch
    {
        null => true,
        JsonArray list => list.Count == 0,
        JsonObject map => map.Count == 0,
        _ => node.ToString() is "" or "false",
    };
}

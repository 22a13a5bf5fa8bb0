using System.Text.Json.Nodes;
using Fleet.ControlPlane.Machinery;

namespace Fleet.ControlPlane.Kinds;

/// <summary>What may change in the spec of a pod that exists.</summary>
internal static class PodUpdateRules
{
    private const string Message =
        "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`," +
        "`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

    // Written by subresources or released by whoever holds the pod back; each has its own rules there.
    private static readonly string[] s_open = ["containers", "initContainers", "ephemeralContainers", "activeDeadlineSeconds", "tolerations", "schedulingGates"];

    public static void Check(JsonObject spec, JsonObject old, FieldCauses found)
    {
        var changed = spec.Concat(old).Select(f => f.Key).Distinct(StringComparer.Ordinal)
            .Where(name => !s_open.Contains(name) && !JsonNode.DeepEquals(spec[name], old[name]) && !IsAllowed(name, spec, old))
            .Concat(Containers("containers", spec, old)).Concat(Containers("initContainers", spec, old))
            .Concat(Tolerations(spec, old)).Order(StringComparer.Ordinal).ToArray();
        if (changed.Length > 0) found.Forbidden("spec", $"{Message}\nchanged: {string.Join(", ", changed)}");
    }

    private static bool IsAllowed(string name, JsonObject spec, JsonObject old) => name switch
    {
        // The scheduler of the simulation binds by an update.
        "nodeName" => old[name].Text() is null or "",
        "terminationGracePeriodSeconds" => old[name].Number() < 0 && spec[name].Number() == 1,
        "nodeSelector" or "affinity" => old["schedulingGates"] is JsonArray { Count: > 0 },
        _ => false,
    };

    /// <summary>Resources are resized by a subresource that shares these checks.</summary>
    private static IEnumerable<string> Containers(string list, JsonObject spec, JsonObject old)
    {
        var now = spec[list] as JsonArray ?? [];
        var before = old[list] as JsonArray ?? [];
        if (now.Count != before.Count) return [$"spec.{list}"];
        return Enumerable.Range(0, now.Count).SelectMany(i => Fields(now[i], before[i]).Select(field => $"spec.{list}[{i}].{field}"));
    }

    private static IEnumerable<string> Fields(JsonNode? now, JsonNode? before) =>
        (now as JsonObject ?? []).Concat(before as JsonObject ?? []).Select(f => f.Key).Distinct(StringComparer.Ordinal)
            .Where(name => name is not ("image" or "resources") && !JsonNode.DeepEquals(now?[name], before?[name]));

    private static IEnumerable<string> Tolerations(JsonObject spec, JsonObject old)
    {
        var now = spec["tolerations"] as JsonArray ?? [];
        return (old["tolerations"] as JsonArray ?? []).All(one => now.Any(other => SameButSeconds(one, other))) ? [] : ["spec.tolerations"];
    }

    private static bool SameButSeconds(JsonNode? one, JsonNode? other) =>
        ((string[])["key", "operator", "value", "effect"]).All(field => one?[field].Text() == other?[field].Text());
}

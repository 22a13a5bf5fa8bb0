using System.Text.Json.Nodes;
using Fleet.Contracts.Conditions;

namespace Fleet.ClusterManager.Capi;

/// <summary>
/// Reads conditions of CAPI objects. The v1beta2 contract keeps them in status.conditions; objects of API v1beta1 keep the new ones in
/// status.v1beta2.conditions, if at all, and the old ones in status.conditions. Pure.
/// </summary>
internal static class CapiConditions
{
    public static IReadOnlyList<CapiCondition> Of(JsonObject root)
    {
        var status = root["status"];
        var modern = status?["v1beta2"]?["conditions"] as JsonArray;
        return [.. (modern ?? status?["conditions"] as JsonArray ?? []).OfType<JsonObject>().Select(One)];
    }

    /// <summary>
    /// Why an object is not ready, or null when it is or says nothing. Negative conditions of deletion and scaling come before the general Ready.
    /// </summary>
    public static string? BlockerOf(JsonObject root)
    {
        var bad = Of(root).Where(condition => condition.Status == ConditionStatus.False && IsAboutReadiness(condition.Type)).ToList();
        var telling = bad.Find(condition => condition.Type is not ("Ready" or "Available") && condition.Message.Length > 0)
            ?? bad.Find(condition => condition.Message.Length > 0)
            ?? bad.FirstOrDefault();
        if (telling is not null)
            return telling.Message.Length > 0 ? OneLine(telling.Message) : telling.Reason.Length > 0 ? telling.Reason : $"{telling.Type} is False";
        // Providers report what no retry can mend here.
        return (string?)root["status"]?["failureMessage"] is { Length: > 0 } failure ? OneLine(failure) : null;
    }

    // Conditions that are good when False.
    private static bool IsAboutReadiness(string type) =>
        type is not ("Deleting" or "Paused" or "ScalingUp" or "ScalingDown" or "Remediating" or "RollingOut" or "Scaling");

    private static CapiCondition One(JsonObject condition) => new(
        (string?)condition["type"] ?? "",
        (string?)condition["status"] switch { "True" => ConditionStatus.True, "False" => ConditionStatus.False, _ => ConditionStatus.Unknown },
        (string?)condition["reason"] ?? "",
        (string?)condition["message"] ?? "");

    private static string OneLine(string text) =>
        string.Join("; ", text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimStart('*', ' ')));
}

using System.Text.Json.Nodes;
using Fleet.Contracts.Conditions;

namespace Fleet.ClusterManager.Capi;

/// <summary>
/// Reads conditions of CAPI objects. The v1beta2 contract keeps them in status.conditions and the old ones in status.deprecated.v1beta1.conditions;
/// objects of API v1beta1 keep the new ones in status.v1beta2.conditions, if at all, and the old ones in status.conditions. Pure.
/// </summary>
internal static class CapiConditions
{
    public static IReadOnlyList<CapiCondition> Of(JsonObject root)
    {
        var status = root["status"] as JsonObject;
        return [.. Read(ConditionsIn(status?["v1beta2"]) ?? ConditionsIn(status))];
    }

    /// <summary>
    /// The conditions of a Cluster, with what only its flags say: <c>status.initialization</c> since v1beta2, <c>status.infrastructureReady</c> and
    /// <c>status.controlPlaneReady</c> before.
    /// </summary>
    public static IReadOnlyList<CapiCondition> OfCluster(JsonObject root)
    {
        var conditions = Of(root).ToList();
        var status = root["status"];
        AddFlag(conditions, "InfrastructureReady", Flag(status?["initialization"]?["infrastructureProvisioned"]) ?? Flag(status?["infrastructureReady"]));
        AddFlag(conditions, "ControlPlaneInitialized", Flag(status?["initialization"]?["controlPlaneInitialized"]));
        if (!conditions.Exists(condition => condition.Type is "ControlPlaneAvailable" or "ControlPlaneReady"))
            AddFlag(conditions, "ControlPlaneReady", Flag(status?["controlPlaneReady"]));
        return conditions;
    }

    /// <summary>
    /// Why an object is not ready, or null when it is or says nothing. What the provider calls an error comes first, then what is specific, then the
    /// general Ready or Available; negative conditions of deletion and scaling do not count.
    /// </summary>
    public static CapiFault? FaultOf(JsonObject root)
    {
        var status = root["status"] as JsonObject;
        // Terminal: the provider does not try again.
        foreach (var place in (JsonNode?[])[status, status?["deprecated"]?["v1beta1"]])
            if ((string?)place?["failureMessage"] is { Length: > 0 } failure)
                return new(OneLine((string?)place["failureReason"] is { Length: > 0 } reason ? $"{reason}: {failure}" : failure), IsError: true);

        var bad = Of(root).Concat(Read(ConditionsIn(status?["v1beta2"]) is null ? ConditionsIn(status?["deprecated"]?["v1beta1"]) : ConditionsIn(status)))
            .Where(condition => condition.Status == ConditionStatus.False && IsAboutReadiness(condition.Type))
            .ToList();
        var telling = bad.Find(condition => condition.IsError && condition.Message.Length > 0)
            ?? bad.Find(condition => condition.Type is not ("Ready" or "Available") && condition.Message.Length > 0)
            ?? bad.Find(condition => condition.Message.Length > 0)
            ?? bad.FirstOrDefault();
        if (telling is not null)
            return new(
                telling.Message.Length > 0 ? OneLine(telling.Message) : telling.Reason.Length > 0 ? telling.Reason : $"{telling.Type} is False",
                telling.IsError);
        // An object without conditions tells by the flag of its contract only.
        return (Flag(status?["initialization"]?["provisioned"]) ?? Flag(status?["ready"])) is false && Of(root).Count == 0 ? new("not ready yet", false) : null;
    }

    // Conditions that are good when False.
    private static bool IsAboutReadiness(string type) =>
        type is not ("Deleting" or "Paused" or "ScalingUp" or "ScalingDown" or "Remediating" or "RollingOut" or "Scaling" or "Resizing");

    private static JsonArray? ConditionsIn(JsonNode? place) => (place as JsonObject)?["conditions"] as JsonArray;

    private static IEnumerable<CapiCondition> Read(JsonArray? conditions) => (conditions ?? []).OfType<JsonObject>().Select(One);

    private static CapiCondition One(JsonObject condition) => new(
        (string?)condition["type"] ?? "",
        (string?)condition["status"] switch { "True" => ConditionStatus.True, "False" => ConditionStatus.False, _ => ConditionStatus.Unknown },
        (string?)condition["reason"] ?? "",
        (string?)condition["message"] ?? "",
        (string?)condition["severity"] ?? "");

    private static void AddFlag(List<CapiCondition> conditions, string type, bool? flag)
    {
        if (flag is { } known && !conditions.Exists(condition => condition.Type == type))
            conditions.Add(new(type, known ? ConditionStatus.True : ConditionStatus.False, "", ""));
    }

    private static bool? Flag(JsonNode? node) => node is JsonValue value && value.TryGetValue<bool>(out var flag) ? flag : null;

    private static string OneLine(string text) =>
        string.Join("; ", text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimStart('*', ' ')));
}

/// <summary>Why an object is not ready. <see cref="IsError"/>: it has failed, rather than not being done.</summary>
internal sealed record CapiFault(string Message, bool IsError);

using System.Globalization;
using System.Text.Json.Nodes;
using Fleet.Observability.Recommendations.Storage;

namespace Fleet.Observability.Recommendations.Applying;

/// <summary>
/// A night as an object for people: KEDA's cron scaler, which a cluster may have. By day as many pods as there are, otherwise the fewer ones. Pure.
/// </summary>
internal static class NightSchedule
{
    /// <summary>Null for what has no pods of its own, as a whole cluster, and for what says too little.</summary>
    public static JsonObject? Of(string @namespace, RecommendationBody body)
    {
        if (ApiVersionOf(body.ObjectKind) is not { } apiVersion || (int?)body.Current["replicas"] is not { } byDay || (int?)body.Recommended["replicas"] is not { } byNight
            || Cron((string?)body.Recommended["to"]) is not { } morning || Cron((string?)body.Recommended["from"]) is not { } evening)
            return null;
        return new()
        {
            ["apiVersion"] = "keda.sh/v1alpha1",
            ["kind"] = "ScaledObject",
            ["metadata"] = new JsonObject { ["name"] = body.ObjectName, ["namespace"] = @namespace },
            ["spec"] = new JsonObject
            {
                ["scaleTargetRef"] = new JsonObject { ["apiVersion"] = apiVersion, ["kind"] = body.ObjectKind, ["name"] = body.ObjectName },
                ["minReplicaCount"] = byNight,
                ["maxReplicaCount"] = byDay,
                ["triggers"] = new JsonArray(new JsonObject
                {
                    ["type"] = "cron",
                    ["metadata"] = new JsonObject { ["timezone"] = "Etc/UTC", ["start"] = morning, ["end"] = evening, ["desiredReplicas"] = byDay.ToString(CultureInfo.InvariantCulture) },
                }),
            },
        };
    }

    private static string? ApiVersionOf(string kind) => kind switch { "Deployment" or "StatefulSet" or "ReplicaSet" => "apps/v1", "Rollout" => "argoproj.io/v1alpha1", _ => null };

    private static string? Cron(string? clock) =>
        TimeOnly.TryParseExact(clock, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? string.Create(CultureInfo.InvariantCulture, $"{time.Minute} {time.Hour} * * *") : null;
}

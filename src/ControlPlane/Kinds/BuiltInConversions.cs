using System.Text.Json.Nodes;

namespace Fleet.ControlPlane.Kinds;

/// <summary>The two built-in kinds that are served in two shapes: events and autoscalers.</summary>
internal static class BuiltInConversions
{
    private static readonly (string Stored, string Shown)[] EventFields =
    [
        ("involvedObject", "regarding"), ("message", "note"), ("source", "deprecatedSource"), ("firstTimestamp", "deprecatedFirstTimestamp"),
        ("lastTimestamp", "deprecatedLastTimestamp"), ("count", "deprecatedCount"), ("reportingComponent", "reportingController"),
    ];

    public static void FromStorage(KindInfo kind, JsonObject body)
    {
        if (kind.Kind == "Event")
        {
            foreach (var (stored, shown) in EventFields) Rename(body, stored, shown);
        }
        else if (kind.Kind == "HorizontalPodAutoscaler" && body["spec"] is JsonObject spec)
        {
            if (spec["metrics"] is not JsonArray metrics) return;
            foreach (var metric in metrics)
            {
                if (CpuTarget(metric)?["averageUtilization"] is { } percent) spec["targetCPUUtilizationPercentage"] = percent.DeepClone();
            }
            spec.Remove("metrics");
            spec.Remove("behavior");
        }
    }

    public static void ToStorage(KindInfo kind, JsonObject body)
    {
        if (kind.Kind == "Event")
        {
            foreach (var (stored, shown) in EventFields) Rename(body, shown, stored);
        }
        else if (kind.Kind == "HorizontalPodAutoscaler" && body["spec"] is JsonObject spec && spec["targetCPUUtilizationPercentage"] is { } percent)
        {
            spec.Remove("targetCPUUtilizationPercentage");
            spec["metrics"] = new JsonArray(new JsonObject
            {
                ["type"] = "Resource",
                ["resource"] = new JsonObject
                {
                    ["name"] = "cpu",
                    ["target"] = new JsonObject { ["type"] = "Utilization", ["averageUtilization"] = percent.DeepClone() },
                },
            });
        }
    }

    private static JsonObject? CpuTarget(JsonNode? metric) =>
        (string?)metric?["resource"]?["name"] == "cpu" ? metric["resource"]!["target"] as JsonObject : null;

    private static void Rename(JsonObject body, string from, string to)
    {
        if (body.Remove(from, out var value)) body[to] = value;
    }
}

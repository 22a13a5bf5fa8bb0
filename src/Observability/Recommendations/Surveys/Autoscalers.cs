using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;
using Fleet.Observability.Recommendations.Usage;

namespace Fleet.Observability.Recommendations.Surveys;

/// <summary>A HorizontalPodAutoscaler.</summary>
/// <param name="Resources">Of which it watches the utilisation, which is a part of the request: <c>cpu</c>, <c>memory</c>.</param>
internal sealed record HorizontalScaler(string Name, Workload Target, IReadOnlyList<string> Resources)
{
    public static HorizontalScaler Of(DynamicObject scaler) => new(
        scaler.Key.Name, ScaleTarget.Of(scaler.Key.Namespace, scaler.At("spec", "scaleTargetRef")), [.. SurveyPod.Items(scaler.At("spec", "metrics")).Select(UtilizationOf).OfType<string>()]);

    private static string? UtilizationOf(JsonObject metric)
    {
        var resource = metric["resource"] ?? metric["containerResource"];
        return (string?)resource?["target"]?["type"] == "Utilization" ? (string?)resource?["name"] : null;
    }
}

/// <summary>A VerticalPodAutoscaler.</summary>
/// <param name="Mode"><c>Off</c> only advises; all others set requests.</param>
internal sealed record VerticalScaler(string Name, Workload Target, string Mode)
{
    public bool Sets => Mode != "Off";

    public static VerticalScaler Of(DynamicObject scaler) => new(
        scaler.Key.Name, ScaleTarget.Of(scaler.Key.Namespace, scaler.At("spec", "targetRef")), (string?)scaler.At("spec", "updatePolicy", "updateMode") ?? "Auto");
}

internal static class ScaleTarget
{
    public static Workload Of(string @namespace, JsonNode? target) => new(@namespace, ((string?)target?["kind"] ?? "").ToLowerInvariant(), (string?)target?["name"] ?? "");
}

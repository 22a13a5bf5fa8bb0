using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;
using Fleet.Observability.Recommendations.Usage;

namespace Fleet.Observability.Recommendations.Surveys;

/// <summary>A HorizontalPodAutoscaler.</summary>
/// <param name="Resources">Of which it watches the utilisation, which is a part of the request: <c>cpu</c>, <c>memory</c>.</param>
internal sealed record HorizontalScaler(string Name, Workload Target, IReadOnlyList<string> Resources)
{
    /// <summary>The least pods that it makes; Kubernetes takes 1 when nothing is said.</summary>
    public int Least { get; init; } = 1;

    /// <summary>Pods that it has, or wants, whichever are more; null where it has not said.</summary>
    public int? Pods { get; init; }

    /// <summary>The part of the request that it aims at, by resource of a whole pod; null when it goes by anything else as well, of which nothing is known here.</summary>
    public IReadOnlyDictionary<string, double>? Targets { get; init; }

    /// <summary>It says itself that it can not scale, or an object of its own, such as KEDA's, writes it.</summary>
    public bool IsOutOfReach { get; init; }

    public static HorizontalScaler Of(DynamicObject scaler)
    {
        var metrics = SurveyPod.Items(scaler.At("spec", "metrics")).ToList();
        var targets = metrics.Select(TargetOf).ToList();
        return new(scaler.Key.Name, ScaleTarget.Of(scaler.Key.Namespace, scaler.At("spec", "scaleTargetRef")), [.. metrics.Select(UtilizationOf).OfType<string>()])
        {
            Least = (int?)scaler.At("spec", "minReplicas") ?? 1,
            Pods = (int?)scaler.At("status", "currentReplicas") is { } now ? Math.Max(now, (int?)scaler.At("status", "desiredReplicas") ?? 0) : null,
            Targets = targets.Count == 0 || targets.Contains(null) ? null : targets.Select(target => target!.Value).DistinctBy(target => target.Name).ToDictionary(target => target.Name, target => target.Part),
            IsOutOfReach = scaler.Metadata.OwnerReferences is { Count: > 0 }
                || SurveyPod.Items(scaler.At("status", "conditions")).Any(condition => (string?)condition["type"] is "ScalingActive" or "AbleToScale" && (string?)condition["status"] == "False"),
        };
    }

    private static (string Name, double Part)? TargetOf(JsonObject metric) =>
        UtilizationOf(metric) is { } name && metric["resource"]?["target"]?["averageUtilization"] is { } percent ? (name, (double)percent / 100) : null;

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

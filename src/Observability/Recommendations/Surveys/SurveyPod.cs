using System.Text.Json.Nodes;
using Fleet.Cost.Packing;
using Fleet.Kubernetes.Objects;
using Fleet.Observability.Objects;
using Fleet.Observability.Recommendations.Usage;

namespace Fleet.Observability.Recommendations.Surveys;

/// <summary>A container as its pod states it.</summary>
/// <param name="CpuRequest">Cores; 0 where none is stated.</param>
/// <param name="RamRequest">Bytes; 0 where none is stated.</param>
/// <param name="CpuLimit">Null where there is none.</param>
/// <param name="RamLimit">Null where there is none.</param>
internal sealed record SurveyContainer(string Name, double CpuRequest, double RamRequest, double? CpuLimit, double? RamLimit);

/// <summary>A pod with what decides where it may run. Read from its JSON, since a pod that is judged by half of what it says would be judged wrongly.</summary>
internal sealed record SurveyPod
{
    /// <summary>"" for a pod that nobody controls.</summary>
    public required Workload Workload { get; init; }

    public required ObjectKey Key { get; init; }

    public string Node { get; init; } = "";

    /// <summary>Neither over nor going.</summary>
    public bool IsThere { get; init; }

    public DateTimeOffset Created { get; init; }

    public string QosClass { get; init; } = "";

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<SurveyContainer> Containers { get; init; } = [];

    /// <summary>Names of claims that it mounts.</summary>
    public IReadOnlyList<string> Claims { get; init; } = [];

    public required PackingPod Packing { get; init; }

    public static SurveyPod Of(DynamicObject pod)
    {
        var (kind, controller) = Controllers.Of(pod.Metadata);
        var containers = Items(pod.At("spec", "containers")).Concat(Items(pod.At("spec", "initContainers")).Where(container => (string?)container["restartPolicy"] == "Always"));
        return new()
        {
            Workload = new(pod.Key.Namespace, kind, controller),
            Key = pod.Key,
            Node = (string?)pod.At("spec", "nodeName") ?? "",
            IsThere = (string?)pod.At("status", "phase") is not ("Succeeded" or "Failed") && pod.Metadata.DeletionTimestamp is null,
            Created = pod.Metadata.CreationTimestamp ?? default,
            QosClass = (string?)pod.At("status", "qosClass") ?? "",
            Labels = pod.Metadata.Labels ?? [],
            Containers = [.. containers.Select(Container)],
            Claims = [.. Items(pod.At("spec", "volumes")).Select(volume => ClaimOf(pod, volume)).OfType<string>()],
            Packing = PodPlacing.Of(pod, kind),
        };
    }

    private static string? ClaimOf(DynamicObject pod, JsonObject volume) =>
        (string?)volume["persistentVolumeClaim"]?["claimName"] ?? (volume["ephemeral"] is null ? null : $"{pod.Key.Name}-{(string?)volume["name"]}");

    private static SurveyContainer Container(JsonObject container) => new(
        (string?)container["name"] ?? "", Amount(container, "requests", "cpu") ?? 0, Amount(container, "requests", "memory") ?? 0, Amount(container, "limits", "cpu"), Amount(container, "limits", "memory"));

    internal static double? Amount(JsonObject container, string kind, string resource) =>
        container["resources"]?[kind]?[resource] is { } text && Fleet.Kubernetes.Core.Quantity.Parse(text.ToString()) is { } amount ? (double)amount : null;

    internal static IEnumerable<JsonObject> Items(JsonNode? list) => (list as JsonArray ?? []).OfType<JsonObject>();
}

using System.Text.Json.Nodes;
using Fleet.Cost.Packing;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Objects;

namespace Fleet.Observability.Recommendations.Surveys;

/// <summary>
/// What the scheduler would look at, of a pod. What it would look at and the packer does not (spreading, affinity to pods, ports of the host) makes the pod one that stays: the packer's
/// yes must be the scheduler's. Pure.
/// </summary>
internal static class PodPlacing
{
    /// <summary>Of a pod that nothing but its disks keeps where it is; <see cref="VolumePlacer"/> looks at these.</summary>
    public const string HasDisk = "it has a disk, which may not follow it";

    private const string SafeToEvict = "cluster-autoscaler.kubernetes.io/safe-to-evict";

    public static PackingPod Of(DynamicObject pod, string controllerKind) => new()
    {
        Name = pod.Key.ToString(),
        Node = (string?)pod.At("spec", "nodeName") ?? "",
        Requests = Requests(pod),
        IsOfNode = controllerKind == "daemonset" || pod.Metadata.OwnerReferences?.Exists(owner => owner is { Kind: "Node", Controller: true }) == true,
        StaysBecause = StaysBecause(pod, controllerKind),
        NodeSelector = Texts(pod.At("spec", "nodeSelector")),
        Affinity = [.. SurveyPod.Items(pod.At("spec", "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution") is JsonObject required ? required["nodeSelectorTerms"] : null).Select(Term)],
        Tolerations = [.. SurveyPod.Items(pod.At("spec", "tolerations")).Select(Toleration)],
    };

    private static string? StaysBecause(DynamicObject pod, string controllerKind)
    {
        var spec = pod.Root["spec"];
        var volumes = SurveyPod.Items(spec?["volumes"]).ToList();
        return controllerKind.Length == 0 ? "nothing would make it anew"
            : controllerKind == "job" ? "it runs to its end, and would begin anew"
            : pod.Metadata.Annotations?.GetValueOrDefault(SafeToEvict) == "false" ? $"its annotation {SafeToEvict} says false"
            : volumes.Exists(volume => volume["ephemeral"] is not null) ? "it has a disk of its own, which is made where it runs"
            : volumes.Exists(volume => volume["hostPath"] is not null) ? "it uses files of its node"
            : SurveyPod.Items(spec?["containers"]).SelectMany(container => SurveyPod.Items(container["ports"])).Any(port => port["hostPort"] is not null && port["hostPort"]!.ToString() != "0") ? "it uses a port of its node"
            : spec?["affinity"]?["podAntiAffinity"]?["requiredDuringSchedulingIgnoredDuringExecution"] is JsonArray { Count: > 0 } ? "it may not run beside certain pods"
            : spec?["affinity"]?["podAffinity"]?["requiredDuringSchedulingIgnoredDuringExecution"] is JsonArray { Count: > 0 } ? "it must run beside certain pods"
            : SurveyPod.Items(spec?["topologySpreadConstraints"]).Any(constraint => (string?)constraint["whenUnsatisfiable"] == "DoNotSchedule") ? "its pods must be spread"
            : (string?)spec?["schedulerName"] is { Length: > 0 } scheduler and not "default-scheduler" ? $"the scheduler {scheduler} places it"
            : spec?["resourceClaims"] is JsonArray { Count: > 0 } ? "it has claims for devices"
            : SurveyPod.Items(spec?["affinity"]?["nodeAffinity"]?["requiredDuringSchedulingIgnoredDuringExecution"]?["nodeSelectorTerms"]).Any(term => term["matchFields"] is JsonArray { Count: > 0 }) ? "it names its node"
            // The last, since it may be that the disk can follow.
            : volumes.Exists(volume => volume["persistentVolumeClaim"] is not null) ? HasDisk
            : null;
    }

    /// <summary>As the scheduler counts: what runs together, or the largest init container with the sidecars before it, and the overhead of the runtime.</summary>
    private static Dictionary<string, double> Requests(DynamicObject pod)
    {
        var (together, largest, sidecars) = (new Dictionary<string, double>(), new Dictionary<string, double>(), new Dictionary<string, double>());
        foreach (var container in SurveyPod.Items(pod.At("spec", "containers")))
            Add(together, container);
        foreach (var container in SurveyPod.Items(pod.At("spec", "initContainers")))
            if ((string?)container["restartPolicy"] == "Always")
            {
                Add(together, container);
                Add(sidecars, container);
            }
            else
            {
                foreach (var (resource, amount) in Amounts(container["resources"]?["requests"]))
                    largest[resource] = Math.Max(largest.GetValueOrDefault(resource), amount + sidecars.GetValueOrDefault(resource));
            }
        foreach (var (resource, amount) in largest)
            together[resource] = Math.Max(together.GetValueOrDefault(resource), amount);
        foreach (var (resource, amount) in Amounts(pod.At("spec", "overhead")))
            together[resource] = together.GetValueOrDefault(resource) + amount;
        return together;
    }

    private static void Add(Dictionary<string, double> sums, JsonObject container)
    {
        foreach (var (resource, amount) in Amounts(container["resources"]?["requests"]))
            sums[resource] = sums.GetValueOrDefault(resource) + amount;
    }

    internal static IEnumerable<(string Resource, double Amount)> Amounts(JsonNode? list) => (list as JsonObject ?? [])
        .Select(pair => (pair.Key, (double)(Quantity.Parse(pair.Value?.ToString()) ?? 0)));

    internal static IReadOnlyList<NodeRequirement> Term(JsonObject term) => [.. SurveyPod.Items(term["matchExpressions"]).Select(expression => new NodeRequirement(
        (string?)expression["key"] ?? "", (string?)expression["operator"] ?? "", [.. (expression["values"] as JsonArray ?? []).Select(value => (string?)value ?? "")]))];

    private static PodToleration Toleration(JsonObject toleration) => new(
        (string?)toleration["key"] ?? "", (string?)toleration["operator"] ?? "Equal", (string?)toleration["value"] ?? "", (string?)toleration["effect"] ?? "");

    private static Dictionary<string, string> Texts(JsonNode? map) => (map as JsonObject ?? []).ToDictionary(pair => pair.Key, pair => (string?)pair.Value ?? "");
}

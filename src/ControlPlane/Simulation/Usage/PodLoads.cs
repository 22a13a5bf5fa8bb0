using System.Text.Json.Nodes;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.ControlPlane.Simulation.Pods;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Simulation.Usage;

/// <summary>What is to be known of a pod's containers, from the pod and its namespace. Pure.</summary>
internal static class PodLoads
{
    /// <summary>A leak that is asked for to be faster than this would keep the scheduler busy.</summary>
    private static readonly TimeSpan ShortestLeak = TimeSpan.FromSeconds(10);

    /// <summary>In the order of the pod's containers.</summary>
    /// <param name="cluster">Name of the cluster.</param>
    /// <param name="pod">The pod, or a template with a name and namespace.</param>
    /// <param name="space">Its Namespace; null when that is unknown.</param>
    /// <param name="workload">Its workload, where that cannot be told from the pod.</param>
    public static IReadOnlyList<ContainerUsage> Of(string cluster, JsonObject pod, JsonObject? space, string? workload = null)
    {
        workload ??= WorkloadName.Of(pod);
        var (pattern, leak) = Pattern(pod, space, workload);
        var seed = $"{cluster}/{pod.NamespaceOf()}/{workload}";
        return [.. pod.Items("spec", "containers").Select((container, i) => new ContainerUsage(new()
        {
            Workload = seed,
            Container = $"{cluster}/{pod.NamespaceOf()}/{pod.NameOf()}/{container.Text("name")}",
            // One container of a pod leaks; were it all of them, nobody could say which.
            Pattern = pattern == UsagePattern.Leak && i > 0 ? UsagePattern.Steady : pattern,
            CpuRequest = Cores(container, "requests") ?? Cores(container, "limits") ?? 0,
            CpuLimit = Cores(container, "limits"),
            MemoryRequest = Bytes(container, "requests") ?? Bytes(container, "limits") ?? 0,
            MemoryLimit = Bytes(container, "limits"),
            LeakFor = leak,
        }))];
    }

    /// <summary>The pod's annotation comes before its namespace's; one that means nothing counts as none.</summary>
    public static (UsagePattern Pattern, TimeSpan? LeakFor) Pattern(JsonObject pod, JsonObject? space, string workload) =>
        Read(pod.Annotation(SimulationAnnotations.Usage)) ?? Read(space?.Annotation(SimulationAnnotations.Usage))
        ?? (UsagePatterns.Of(pod.NamespaceOf(), workload), null);

    /// <summary>A word, for leaks also with the time from start to limit: <c>leak/6h</c>.</summary>
    public static (UsagePattern Pattern, TimeSpan? LeakFor)? Read(string? annotation)
    {
        var parts = annotation?.Split('/') ?? [];
        if (parts.Length is 0 or > 2 || UsagePatterns.Parse(parts[0]) is not { } pattern)
            return null;
        if (parts.Length == 1)
            return (pattern, null);
        return pattern == UsagePattern.Leak && PodFaults.Duration(parts[1]) is { } length ? (pattern, length > ShortestLeak ? length : ShortestLeak) : null;
    }

    private static double? Cores(JsonObject container, string kind) =>
        container.At("resources", kind, "cpu") is { } cpu ? Quantities.Milli(cpu.ToString()) / 1_000d : null;

    private static double? Bytes(JsonObject container, string kind) =>
        container.At("resources", kind, "memory") is { } memory ? Quantities.Units(memory.ToString()) : null;

    /// <summary>The Namespaces of a cluster, each read once.</summary>
    public static Func<string, JsonObject?> Namespaces(IClusterApi cluster)
    {
        var seen = new Dictionary<string, JsonObject?>(StringComparer.Ordinal);
        return name => seen.TryGetValue(name, out var found) ? found : seen[name] = cluster.Get(CoreKinds.Namespace, ObjectKey.Cluster(name));
    }
}

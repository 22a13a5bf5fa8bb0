namespace Fleet.Observability.Collection;

/// <summary>From <c>/metrics/resource</c>, which has no uids.</summary>
internal static class ResourceReadings
{
    private const string ContainerCpu = "container_cpu_usage_seconds_total";
    private const string ContainerMemory = "container_memory_working_set_bytes";
    private const string ContainerStart = "container_start_time_seconds";
    private const string NodeCpu = "node_cpu_usage_seconds_total";
    private const string NodeMemory = "node_memory_working_set_bytes";

    /// <summary>The metrics to be read.</summary>
    public static IReadOnlySet<string> Wanted { get; } = new HashSet<string>(StringComparer.Ordinal) { ContainerCpu, ContainerMemory, ContainerStart, NodeCpu, NodeMemory };

    /// <param name="read">What the kubelet wrote.</param>
    /// <param name="cluster">Uid of its cluster.</param>
    /// <param name="node">Uid of its node.</param>
    /// <param name="pods">The cluster's pods.</param>
    /// <param name="asked">When it was asked, for samples without a time of their own.</param>
    public static KubeletReadings Of(Exposition read, string cluster, string node, PodDirectory pods, DateTimeOffset asked)
    {
        var starts = new Dictionary<(string, string, string), DateTimeOffset>();
        foreach (var sample in read.Samples)
        {
            if (sample.Name == ContainerStart && Place(sample) is { } place && sample.Value is > 0 and < 1e11)
                starts[place] = DateTimeOffset.UnixEpoch.AddTicks((long)(sample.Value * TimeSpan.TicksPerSecond));
        }
        var counters = new List<(SeriesKey, CounterReading)>();
        var memory = new Dictionary<(string, string), double>();
        var unknown = 0;
        foreach (var sample in read.Samples)
        {
            var time = sample.Time ?? asked;
            switch (sample.Name)
            {
                case NodeCpu:
                    counters.Add((new(cluster, node, "", CountedAmount.CpuSeconds), new(sample.Value, time)));
                    break;
                case NodeMemory when IsAmount(sample.Value):
                    memory[(node, "")] = sample.Value;
                    break;
                case ContainerCpu or ContainerMemory when Place(sample) is { } place:
                    var started = starts.TryGetValue(place, out var start) ? start : (DateTimeOffset?)null;
                    if (pods.UidOf(place.Namespace, place.Pod, started) is not { } uid)
                        unknown++;
                    else if (sample.Name == ContainerCpu)
                        counters.Add((new(cluster, uid, place.Container, CountedAmount.CpuSeconds), new(sample.Value, time, started)));
                    else if (IsAmount(sample.Value))
                        memory[(uid, place.Container)] = sample.Value;
                    break;
            }
        }
        return new() { Counters = counters, WorkingSets = memory, Unknown = unknown };
    }

    private static bool IsAmount(double value) => double.IsFinite(value) && value >= 0;

    private static (string Namespace, string Pod, string Container)? Place(MetricSample sample) =>
        sample.Label("namespace") is { } space && sample.Label("pod") is { } pod && sample.Label("container") is { } container ? (space, pod, container) : null;
}

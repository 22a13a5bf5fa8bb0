using Fleet.Kubernetes.Objects;
using Fleet.Observability.Collection;
using Fleet.Observability.Hours;

namespace Fleet.Observability.Kubelets;

/// <summary>What the kubelets of a cluster said in one look, together.</summary>
internal sealed record KubeletLook
{
    public static KubeletLook None { get; } = new();

    public IReadOnlyList<(SeriesKey Key, CounterReading Reading)> Counters { get; init; } = [];

    /// <summary>By object and container.</summary>
    public IReadOnlyDictionary<(string Object, string Container), double> WorkingSets { get; init; } = new Dictionary<(string, string), double>();

    /// <summary>Bytes that are used of the disks behind claims.</summary>
    public IReadOnlyDictionary<ObjectKey, double> VolumesUsed { get; init; } = new Dictionary<ObjectKey, double>();

    /// <summary>What was not told, and why; what is not known of it comes from elsewhere or is not known.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>Usage between two looks, which is better than that of a moment: rates of the counters, with the working sets.</summary>
    /// <param name="increases">What the counters of this look grew by.</param>
    /// <param name="below">What the metrics API said, for containers that no kubelet told of.</param>
    public IReadOnlyDictionary<ContainerKey, Usage> Over(IReadOnlyDictionary<ContainerKey, Usage> below, IEnumerable<CounterIncrease> increases)
    {
        if (Counters.Count == 0)
            return below;
        var usage = new Dictionary<ContainerKey, Usage>(below);
        foreach (var increase in increases.Where(increase => increase.Key is { Amount: CountedAmount.CpuSeconds, Container.Length: > 0 } && increase.To > increase.From))
            if (WorkingSets.TryGetValue((increase.Key.Object, increase.Key.Container), out var bytes))
                usage[new(increase.Key.Object, increase.Key.Container)] = new(increase.Increase / (increase.To - increase.From).TotalSeconds, bytes);
        return usage;
    }

    /// <summary>What came and went over the network since the last look, by pod.</summary>
    public static IReadOnlyDictionary<string, Traffic> TrafficOf(IEnumerable<CounterIncrease> increases)
    {
        var traffic = new Dictionary<string, Traffic>();
        foreach (var increase in increases)
        {
            var known = traffic.GetValueOrDefault(increase.Key.Object);
            if (increase.Key.Amount == CountedAmount.BytesReceived)
                traffic[increase.Key.Object] = known with { Received = known.Received + increase.Increase };
            else if (increase.Key.Amount == CountedAmount.BytesSent)
                traffic[increase.Key.Object] = known with { Sent = known.Sent + increase.Increase };
        }
        return traffic;
    }
}

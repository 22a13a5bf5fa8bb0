using Fleet.Kubernetes.Objects;
using Fleet.Observability.Hours;
using Fleet.Observability.Objects;

namespace Fleet.Observability.Metrics;

/// <summary>What a metrics-server said at one moment.</summary>
internal sealed record PodMetricsReading
{
    public static PodMetricsReading None { get; } = new();

    /// <summary>By pod and container.</summary>
    public IReadOnlyDictionary<(ObjectKey Pod, string Container), Usage> Containers { get; init; } = new Dictionary<(ObjectKey, string), Usage>();

    /// <summary>Of the newest measurement; null when there is none.</summary>
    public DateTimeOffset? Newest { get; init; }

    /// <summary>How far the API server's clock is ahead of ours.</summary>
    public TimeSpan ClockOffset { get; init; }

    /// <summary>Why nothing was measured; null when it was.</summary>
    public string? Problem { get; init; }

    /// <summary>Entries without a name or with an amount that is no quantity are left out: they say nothing.</summary>
    public static PodMetricsReading Of(IEnumerable<PodMetrics> pods, TimeSpan offset)
    {
        var containers = new Dictionary<(ObjectKey, string), Usage>();
        DateTimeOffset? newest = null;
        foreach (var pod in pods)
        {
            if (pod.Metadata is not { Name: not null } metadata)
                continue;
            newest = newest is { } known && known >= pod.Timestamp ? known : pod.Timestamp;
            foreach (var container in pod.Containers ?? [])
                if (container is { Name: { } name, Usage: { } usage })
                    containers[(metadata.Key, name)] = new(Amounts.Of(usage, "cpu"), Amounts.Of(usage, "memory"));
        }
        return new() { Containers = containers, Newest = newest, ClockOffset = offset };
    }

    /// <summary>Usage of pods that are known; of a pod that was made anew under its name the old one's figures are still told for a while, and are not its.</summary>
    public IReadOnlyDictionary<ContainerKey, Usage> Of(IEnumerable<PodRow> pods)
    {
        var usage = new Dictionary<ContainerKey, Usage>(Containers.Count);
        foreach (var pod in pods)
            foreach (var container in pod.Containers)
                if (Containers.TryGetValue((pod.Key, container.Name), out var used) && (Newest is not { } measured || container.Started < measured))
                    usage[new(pod.Uid, container.Name)] = used;
        return usage;
    }
}

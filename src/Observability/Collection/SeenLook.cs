using Fleet.Observability.Clusters;
using Fleet.Observability.Hours;
using Fleet.Observability.Kubelets;

namespace Fleet.Observability.Collection;

/// <summary>What one look at a cluster saw, whoever looked.</summary>
internal sealed record SeenLook
{
    public required ClusterSnapshot Seen { get; init; }

    /// <summary>Pods that have gone since the look before.</summary>
    public required IReadOnlyList<DepartedPod> Departed { get; init; }

    /// <summary>What the metrics API says.</summary>
    public required IReadOnlyDictionary<ContainerKey, Usage> Usage { get; init; }

    public required KubeletLook Told { get; init; }

    public required DateTimeOffset Time { get; init; }

    /// <summary>How far the clock of the cluster is ahead of the one that <see cref="Time"/> is of.</summary>
    public TimeSpan Ahead { get; init; }

    /// <summary>Why something may be missing or wrong.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];
}

using Fleet.Kubernetes.Core;

namespace Fleet.Observability.Backfill;

/// <summary>Whoever can tell what ran in a cluster before anybody looked: simulations. Real clusters have no such past.</summary>
public interface IPastPods
{
    /// <summary>Whether the past of the cluster can be told now.</summary>
    /// <param name="clusterUid">Uid of its namespace kube-system.</param>
    bool Knows(string clusterUid);

    /// <summary>Pods that were there at any moment between the times; the same each time it is asked.</summary>
    IEnumerable<PastPodUsage> Of(string clusterUid, DateTimeOffset from, DateTimeOffset to);
}

/// <param name="Pod">As a watch would have shown it, running.</param>
/// <param name="Usage">Of each of its containers in their order, between two times.</param>
public sealed record PastPodUsage(Pod Pod, DateTimeOffset Started, DateTimeOffset Ended, IReadOnlyList<Func<DateTimeOffset, DateTimeOffset, PastUsage>> Usage);

/// <summary>What a container used between two times.</summary>
public readonly record struct PastUsage(double CpuSeconds, double CpuCoresMost, double RamByteSeconds, double RamBytesMost, double BytesReceived, double BytesSent);

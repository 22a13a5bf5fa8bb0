using Fleet.Kubernetes.Objects;

namespace Fleet.StateManager.Compliance.Storage;

/// <summary>Where the report is written. Every call may throw <see cref="ComplianceStoreException"/>; whoever writes tries again later.</summary>
internal interface IComplianceStore
{
    /// <summary>Replaces the figures of a cluster, notes in the trend what has changed, and how fresh they are.</summary>
    /// <param name="before">What the caller has written last; null when it does not know.</param>
    Task SaveAsync(ClusterFreshness freshness, ClusterCompliance? before, ClusterCompliance now, CancellationToken ct);

    /// <summary>Notes how fresh figures are, and nothing else.</summary>
    Task TouchAsync(IReadOnlyList<ClusterFreshness> clusters, CancellationToken ct);

    /// <summary>The cluster has left the fleet: its figures go, its trend ends with zero.</summary>
    Task CloseAsync(ObjectKey cluster, CancellationToken ct);

    /// <summary>What was written last; null when there is nothing.</summary>
    Task<ClusterCompliance?> LoadAsync(ObjectKey cluster, CancellationToken ct);

    /// <summary>Clusters with figures or a problem.</summary>
    Task<IReadOnlyList<ObjectKey>> ClustersAsync(CancellationToken ct);

    /// <summary>Findings that an exception covers, and in how many clusters; null when nothing is kept that could be counted.</summary>
    Task<(int Findings, int Clusters)?> CoveredAsync(ObjectKey exception, CancellationToken ct);

    /// <summary>Drops what is older than the trend goes back.</summary>
    Task ForgetAsync(CancellationToken ct);
}

/// <param name="ObservedAt">When the figures were right; null while the cluster is not seen.</param>
/// <param name="Problem">Why it is not seen.</param>
internal sealed record ClusterFreshness(ObjectKey Cluster, DateTimeOffset? ObservedAt, string? Problem);

/// <summary>The database does not answer. Says nothing of it, since its messages may hold addresses and names.</summary>
internal sealed class ComplianceStoreException(Exception inner) : Exception("the database of the compliance report does not answer", inner);

using Fleet.Contracts.Conditions;
using Fleet.Contracts.Services;
using Fleet.Kubernetes.Objects;

namespace Fleet.Observability.Alerts.Sources;

/// <summary>What rules look at in a ClusterDeployment.</summary>
internal sealed record AlertedCluster(
    ObjectKey Key, string Uid, DateTimeOffset Created, IReadOnlyDictionary<string, string> Labels, bool IsLeaving, bool IsDryRun, IReadOnlyList<Condition> Conditions, IReadOnlyList<ServiceState> Services)
{
    public static AlertedCluster Of(ClusterDeployment cluster) => new(
        cluster.Metadata.Key, cluster.Metadata.Uid ?? "", cluster.Metadata.CreationTimestamp ?? DateTimeOffset.UnixEpoch, cluster.Metadata.Labels ?? [], cluster.Metadata.IsBeingDeleted, cluster.Spec.DryRun == true,
        cluster.Status?.Conditions ?? [], cluster.Status?.Services ?? []);

    /// <summary>What is not there on purpose is nothing to alert on.</summary>
    public bool IsExpected => !IsLeaving && !IsDryRun;
}

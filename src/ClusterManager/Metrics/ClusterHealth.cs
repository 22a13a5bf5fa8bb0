using Fleet.ClusterManager.Api;
using Fleet.Contracts.Clusters;
using Fleet.Contracts.Conditions;

namespace Fleet.ClusterManager.Metrics;

/// <summary>What metrics tell of one cluster; a part of its row. Pure.</summary>
/// <param name="Phase">One of <see cref="ClusterPhase"/>.</param>
/// <param name="Step">What is waited for within the phase; empty where nothing is.</param>
/// <param name="Since">When the phase or its step began, as far as status tells.</param>
/// <param name="Conditions">Of <see cref="Told"/>, a character each: a string, because rows are compared and kept for every cluster.</param>
/// <param name="IsCurrent">Whether status is about the present spec.</param>
internal sealed record ClusterHealth(
    string Phase, string Step, DateTimeOffset? Since, string Conditions, DateTimeOffset? Created, DateTimeOffset? DeletionRequested, bool IsCurrent)
{
    /// <summary>A fixed set, so that the number of series is known: these times the clusters.</summary>
    public static IReadOnlyList<ConditionType> Told { get; } =
    [
        SharedConditions.Ready, ClusterDeploymentConditions.TemplateReady, ClusterDeploymentConditions.CredentialReady, ClusterDeploymentConditions.CapiClusterSummary,
        ClusterDeploymentConditions.ClusterReachable, ClusterDeploymentConditions.NodesReady, ClusterDeploymentConditions.ServicesInReadyState,
    ];

    public static ClusterHealth Of(ClusterDeployment cluster)
    {
        var conditions = new ConditionSet(cluster.Status?.Conditions ?? []);
        var phase = ClusterPhase.Of(cluster.Metadata.IsBeingDeleted, conditions);
        var (step, stepSince) = phase switch
        {
            ClusterPhase.Deleting => (cluster.Status?.Deletion?.Phase, cluster.Status?.Deletion?.Since),
            ClusterPhase.Provisioning or ClusterPhase.Failed => (cluster.Status?.Progress?.Phase, cluster.Status?.Progress?.Since),
            _ => (null, null),
        };
        return new(
            phase,
            step ?? "",
            stepSince ?? (phase == ClusterPhase.Deleting ? cluster.Metadata.DeletionTimestamp : conditions.Find(SharedConditions.Ready)?.LastTransitionTime) ?? cluster.Metadata.CreationTimestamp,
            string.Concat(Told.Select(type => conditions.Find(type)?.Status switch
            {
                ConditionStatus.True => '1',
                ConditionStatus.False => '0',
                ConditionStatus.Unknown => '?',
                _ => ' ',
            })),
            cluster.Metadata.CreationTimestamp,
            cluster.Metadata.DeletionTimestamp,
            cluster.Status?.ObservedGeneration == cluster.Metadata.Generation);
    }

    /// <summary>Null where the cluster has no such condition.</summary>
    public int? Value(int condition) => Conditions[condition] switch { '1' => 1, '0' => 0, '?' => -1, _ => null };
}

using Fleet.Contracts.Clusters;
using Fleet.Contracts.Conditions;

namespace Fleet.ClusterManager.Capi;

/// <summary>Sums up a CAPI Cluster in one condition that names what it waits for. Pure.</summary>
internal static class CapiSummary
{
    private static readonly string[] Summed =
    [
        "InfrastructureReady", "ControlPlaneInitialized", "ControlPlaneAvailable", "ControlPlaneReady", "ControlPlaneMachinesReady",
        "WorkersAvailable", "WorkerMachinesReady", "RemoteConnectionProbe",
    ];

    /// <summary>Without these nothing is known: an empty list of conditions is not success.</summary>
    private static readonly string[][] NeededOneOf =
        [["InfrastructureReady"], ["ControlPlaneAvailable", "ControlPlaneInitialized", "ControlPlaneReady"]];

    public static Condition Of(CapiCluster cluster)
    {
        var seen = cluster.Conditions.Where(condition => Summed.Contains(condition.Type)).ToList();
        var missing = NeededOneOf.Where(types => !types.Any(type => seen.Exists(condition => condition.Type == type))).Select(types => types[0]).ToList();
        var bad = seen.Where(condition => condition.Status == ConditionStatus.False).ToList();
        if (bad.Count > 0)
            return Condition.False(ClusterDeploymentConditions.CapiClusterSummary, Reason.Progressing, Text(cluster, bad));
        var unknown = seen.Where(condition => condition.Status == ConditionStatus.Unknown).ToList();
        if (missing.Count > 0 || unknown.Count > 0)
            return Condition.Unknown(
                ClusterDeploymentConditions.CapiClusterSummary, Reason.Progressing,
                Blockers(cluster) ?? $"{string.Join(", ", [.. missing, .. unknown.Select(condition => condition.Type)])} of Cluster {cluster.Key.Name} not known yet");
        return Condition.True(ClusterDeploymentConditions.CapiClusterSummary, Reason.Succeeded, "The cluster's infrastructure, control plane and machines are ready");
    }

    private static string Text(CapiCluster cluster, List<CapiCondition> bad) =>
        Blockers(cluster) ?? string.Join("; ", bad.Select(condition => $"{condition.Type}: {(condition.Message.Length > 0 ? condition.Message : condition.Reason)}"));

    private static string? Blockers(CapiCluster cluster) =>
        cluster.Blockers.Count == 0 ? null : string.Join("; ", cluster.Blockers.Select(part => $"{part.Kind} {part.Name}: {part.Message}"));
}

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
        if (cluster.BeingDeleted)
            return Condition.False(ClusterDeploymentConditions.CapiClusterSummary, Reason.Deleting, $"Cluster {cluster.Key} is being deleted, which its ClusterDeployment is not");
        var seen = cluster.Conditions.Where(condition => Summed.Contains(condition.Type)).ToList();
        var missing = NeededOneOf.Where(types => !types.Any(type => seen.Exists(condition => condition.Type == type))).Select(types => types[0]).ToList();
        var bad = seen.Where(condition => condition.Status == ConditionStatus.False).ToList();
        if (bad.Count > 0)
            return Condition.False(ClusterDeploymentConditions.CapiClusterSummary, Reason.Progressing, CapiFaults.Text(cluster.Blockers) ?? Text(bad));
        var unknown = seen.Where(condition => condition.Status == ConditionStatus.Unknown).ToList();
        if (missing.Count > 0 || unknown.Count > 0)
            return Condition.Unknown(
                ClusterDeploymentConditions.CapiClusterSummary, Reason.Progressing,
                CapiFaults.Text(cluster.Blockers) ?? $"{string.Join(", ", [.. missing, .. unknown.Select(condition => condition.Type)])} of Cluster {cluster.Key.Name} not known yet");
        return Condition.True(ClusterDeploymentConditions.CapiClusterSummary, Reason.Succeeded, "The cluster's infrastructure, control plane and machines are ready");
    }

    /// <summary>The phase that a Cluster is in which is not ready: the first part that is not done.</summary>
    public static string PhaseOf(CapiCluster cluster)
    {
        bool IsDone(string type) => cluster.Conditions.Any(condition => condition.Type == type && condition.Status == ConditionStatus.True);
        if (!IsDone("InfrastructureReady"))
            return ClusterPhases.Infrastructure;
        return IsDone("ControlPlaneAvailable") || IsDone("ControlPlaneReady") ? ClusterPhases.Workers : ClusterPhases.ControlPlane;
    }

    private static string Text(List<CapiCondition> bad) => CapiFaults.Cut(
        string.Join("; ", bad
            .GroupBy(condition => condition.Message.Length > 0 ? condition.Message : condition.Reason)
            .Select(same => $"{string.Join(", ", same.Select(condition => condition.Type))}: {CapiFaults.Cut(same.Key, CapiFaults.LongestFault)}")),
        CapiFaults.LongestText);
}

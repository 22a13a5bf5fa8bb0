using Fleet.Contracts.Conditions;
using static Fleet.Contracts.Clusters.ClusterDeploymentConditions;

namespace Fleet.ClusterManager.Clusters;

/// <summary>
/// When a CAPI Cluster that somebody deleted behind our back is made again. What is declared is to come back, but a Cluster that may have been moved away
/// is not doubled, and one whose machines are still going is not mixed with them. Pure.
/// </summary>
internal static class ClusterRecreation
{
    /// <summary>The garbage collector still takes apart what the old Cluster owned.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    public static bool WasThere(ClusterFacts facts) =>
        !facts.IsAdopted && Summary(facts) is { } before && before.Reason != Reason.Paused
        && (before.Status != ConditionStatus.Unknown || (before.Reason == RegionUnavailable && facts.Release is { IsDeployed: true }));

    public static bool IsDue(ClusterFacts facts, DateTimeOffset now) =>
        facts is { Capi: null, MachinesLeft: 0 }
        && Summary(facts) is { } before && before.Reason == CapiClusterMissing
        // A clock that was set back must not make it wait until the old time comes again.
        && (now - before.LastTransitionTime).Duration() >= Pause;

    private static Condition? Summary(ClusterFacts facts) => facts.Object.Status?.Conditions?.Find(condition => condition.Type == CapiClusterSummary);
}

using Fleet.ClusterManager.Capi;
using Fleet.Contracts;
using Fleet.Contracts.Clusters;
using Fleet.Contracts.Conditions;

namespace Fleet.ClusterManager.Upgrades;

/// <summary>Why nothing is written to a cluster or its release: somebody asked for that. Pure.</summary>
internal sealed record ClusterPause(Reason Reason, string Message)
{
    public static ClusterPause? Of(ClusterDeployment cluster, CapiCluster? capi)
    {
        if (IsAsked(cluster))
            return new(Reason.Paused, $"paused by the annotation {FleetAnnotations.Paused}");
        // Tools that move a Cluster elsewhere pause it first: what is written now would be lost or come back.
        return capi is { IsPaused: true, BeingDeleted: false }
            ? new(ClusterDeploymentConditions.CapiClusterPaused, $"the CAPI Cluster {capi.Key} is paused")
            : null;
    }

    /// <summary>Present means paused, as upstream has it with its own annotations; "false" is what somebody writes who wants it to go on.</summary>
    public static bool IsAsked(ClusterDeployment cluster) =>
        cluster.Metadata.Annotations?.TryGetValue(FleetAnnotations.Paused, out var value) == true
        && !string.Equals(value, "false", StringComparison.OrdinalIgnoreCase);
}

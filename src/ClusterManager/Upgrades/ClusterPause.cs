using Fleet.ClusterManager.Capi;
using Fleet.ClusterManager.Regions;
using Fleet.Contracts;
using Fleet.Contracts.Clusters;
using Fleet.Contracts.Conditions;

namespace Fleet.ClusterManager.Upgrades;

/// <summary>Why nothing is written to a cluster or its release: somebody asked for that. Pure.</summary>
internal sealed record ClusterPause(Reason Reason, string Message)
{
    public bool IsOfRegion { get; init; }

    /// <summary>For the condition.</summary>
    public string Text => IsOfRegion ? Message : $"Nothing is written to the cluster or its release: {Message}";

    public static ClusterPause? Of(ClusterDeployment cluster, CapiCluster? capi, RegionView? region)
    {
        if (IsAsked(cluster))
            return new(Reason.Paused, $"paused by the annotation {FleetAnnotations.Paused}");
        if (region is { IsPaused: true })
            return new(Reason.Paused, region.PauseText) { IsOfRegion = true };
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

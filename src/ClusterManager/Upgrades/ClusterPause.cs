using Fleet.ClusterManager.Capi;
using Fleet.ClusterManager.Regions;
using Fleet.Contracts;
using Fleet.Contracts.Clusters;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Services;

namespace Fleet.ClusterManager.Upgrades;

/// <summary>Why nothing is written to a cluster or its release: somebody asked for that. Pure.</summary>
internal sealed record ClusterPause(Reason Reason, string Message)
{
    public bool IsOfRegion { get; init; }

    /// <summary>Its services rest already, and must go on looking whether they may work again.</summary>
    public bool IsFence { get; init; }

    /// <summary>For the condition.</summary>
    public string Text => IsOfRegion ? Message : $"Nothing is written to the cluster or its release: {Message}";

    public static ClusterPause? Of(ClusterDeployment cluster, CapiCluster? capi, RegionView? region, IReadOnlyList<ServiceSet> sets)
    {
        if (Fence(sets) is { } fenced)
            return new(ServiceSetConditions.Fenced, fenced) { IsFence = true };
        if (IsAsked(cluster))
            return new(Reason.Paused, $"paused by the annotation {FleetAnnotations.Paused}");
        if (region is { IsPaused: true })
            return new(Reason.Paused, region.PauseText) { IsOfRegion = true };
        // Tools that move a Cluster elsewhere pause it first: what is written now would be lost or come back.
        return capi is { IsPaused: true, BeingDeleted: false }
            ? new(ClusterDeploymentConditions.CapiClusterPaused, $"the CAPI Cluster {capi.Key} is paused")
            : null;
    }

    /// <summary>What the cluster itself said to StateManager about who looks after it; null while it is this management cluster. A cluster without services is not asked.</summary>
    public static string? Fence(IReadOnlyList<ServiceSet> sets) => sets
        .Select(set => set.Status?.Conditions?.Find(condition => condition.Type == ServiceSetConditions.StatusesCollected && condition.Reason == ServiceSetConditions.Fenced)?.Message)
        .FirstOrDefault(message => message is not null);

    /// <summary>Present means paused, as upstream has it with its own annotations; "false" is what somebody writes who wants it to go on.</summary>
    public static bool IsAsked(ClusterDeployment cluster) =>
        cluster.Metadata.Annotations?.TryGetValue(FleetAnnotations.Paused, out var value) == true
        && !string.Equals(value, "false", StringComparison.OrdinalIgnoreCase);
}

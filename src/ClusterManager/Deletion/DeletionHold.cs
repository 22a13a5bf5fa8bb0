using Fleet.ClusterManager.Regions;
using Fleet.ClusterManager.Upgrades;
using Fleet.Contracts;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Services;
using static Fleet.Contracts.Clusters.ClusterDeploymentConditions;

namespace Fleet.ClusterManager.Deletion;

/// <summary>Why nothing of a deletion may begin.</summary>
internal sealed record DeletionHold(Reason Reason, string Message)
{
    /// <summary>
    /// The pause or protection that an object carries, or null. Admission refuses the deletion of such objects; this is for API servers without it, and for
    /// protection that came after the deletion. Pure.
    /// </summary>
    public static DeletionHold? Protection(ClusterDeployment cluster, IReadOnlyList<ServiceSet> sets, RegionView? region = null)
    {
        if (ClusterPause.Fence(sets) is { } fenced)
            return new(ServiceSetConditions.Fenced, fenced);
        if (ClusterPause.IsAsked(cluster))
            return new(Reason.Paused, $"the cluster is paused: nothing is deleted while annotation {FleetAnnotations.Paused} is there");
        if (region is { IsPaused: true })
            return new(Reason.Paused, region.PauseText);
        var value = cluster.Metadata.Annotations?.GetValueOrDefault(FleetAnnotations.DeletionProtection);
        if (string.Equals(value, "Always", StringComparison.OrdinalIgnoreCase))
            return new(DeletionProtected, $"annotation {FleetAnnotations.DeletionProtection} is Always: nothing is deleted while it is there");
        var services = sets.SelectMany(set => set.Status?.Services ?? []).Count(service => service.State != Contracts.Services.ServiceStates.Deleted);
        if (string.Equals(value, "Cascading", StringComparison.OrdinalIgnoreCase) && services > 0)
            return new(
                DeletionProtected,
                $"annotation {FleetAnnotations.DeletionProtection} is Cascading and {services} {(services == 1 ? "service is" : "services are")} in the cluster: take them out of spec.serviceSpec, or the annotation off");
        return null;
    }
}

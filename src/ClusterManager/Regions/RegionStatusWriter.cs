using Fleet.ClusterManager.Clusters;
using Fleet.Contracts;
using Fleet.Control.Kinds;
using Fleet.Control.Reconciling;
using Fleet.Control.Status;

namespace Fleet.ClusterManager.Regions;

/// <summary>Writes what is known of a Region to the object: status always, events when something has changed, the finalizer.</summary>
internal sealed class RegionStatusWriter(IStatusWriter status, Finalizers finalizers, RegionComponents components)
{
    public async Task<Region> MarkAsync(Region region, ReconcileRequest request, CancellationToken ct)
    {
        if (region.Metadata.IsBeingDeleted || region.Metadata.Finalizers?.Contains(FleetFinalizers.Region) == true)
            return region;
        request.Ownership.EnsureCurrent();
        return await finalizers.MarkAsync(FleetKinds.Regions, region, FleetFinalizers.Region, ct);
    }

    public Task ReleaseAsync(Region region, ReconcileRequest request, CancellationToken ct)
    {
        request.Ownership.EnsureCurrent();
        return finalizers.RemoveAsync(FleetKinds.Regions.Kind, region.Metadata, FleetFinalizers.Region, ct);
    }

    public async Task WriteAsync(RegionFacts facts, IReadOnlyList<string> problems, RegionReport? report, ReconcileRequest request)
    {
        var region = facts.Object;
        var wanted = (region.Status ?? new()) with { ClusterUid = facts.Uid, Clusters = facts.Users.Clusters.Count, ObservedGeneration = region.Metadata.Generation };
        var conditions = RegionConditionsFrom.All(facts, problems);
        var written = await status.WriteAsync(StatusChange.Of(
            FleetKinds.Regions, region, report?.Into(wanted) ?? wanted, conditions, RegionConditionsFrom.Owned, request.Ownership));
        if (written == StatusWriteResult.Written)
            components.Tell(region, conditions, report);
    }
}

using Fleet.ClusterManager.Capi;
using Fleet.ClusterManager.Releases;
using Fleet.Control.Kinds;
using Fleet.Control.Reconciling;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Regions;

/// <summary>Finds the cluster in which a ClusterDeployment is worked on. Failures of the management API throw; those of a region are in the result.</summary>
internal sealed class ClusterPlaces(IKubernetesClient client, CapiHost management, RegionConnections connections, RegionDirectory regions)
{
    /// <summary>Within the cluster's grain, whose connection to the region stays open; no more clusters of one region at once than its gate lets in.</summary>
    public async Task<ClusterPlace> EnterAsync(ClusterDeployment cluster, ReconcileRequest request, CancellationToken ct)
    {
        var (credential, choice) = await ChooseAsync(cluster, ct);
        var use = request.Grain.Part(() => new RegionUse(connections, watching: true));
        if (choice.Region is not { } region)
        {
            await use.LeaveAsync();
            return new(management) { Credential = credential, Conflict = choice.Conflict };
        }
        var connection = await use.OfAsync(region);
        if (connection.Gate.TryEnter(request.Key) is not { } place)
            return new(new RegionView(region, RegionState.Connecting)) { Credential = credential, IsBusy = true };
        try
        {
            return Of(await regions.VisitAsync(connection, ct), credential, choice, place);
        }
        catch
        {
            place.Dispose();
            throw;
        }
    }

    /// <summary>For a question about the cluster from outside of its grain.</summary>
    public async Task<ClusterPlace> VisitAsync(ClusterDeployment cluster, CancellationToken ct)
    {
        var (credential, choice) = await ChooseAsync(cluster, ct);
        if (choice.Region is not { } region)
            return new(management) { Credential = credential, Conflict = choice.Conflict };
        var lease = connections.Lease(region, watching: false);
        try
        {
            return Of(await regions.VisitAsync(lease.Connection, ct), credential, choice, new Returning(lease));
        }
        catch
        {
            await lease.DisposeAsync();
            throw;
        }
    }

    private static ClusterPlace Of(RegionVisit visit, Credential? credential, RegionChoice choice, IDisposable held)
    {
        if (visit.Session is { } session)
            return new(visit.View, session, visit, held) { Credential = credential, Conflict = choice.Conflict };
        visit.Dispose();
        held.Dispose();
        return new(visit.View) { Credential = credential, Conflict = choice.Conflict };
    }

    private async Task<(Credential? Credential, RegionChoice Choice)> ChooseAsync(ClusterDeployment cluster, CancellationToken ct)
    {
        var key = cluster.Metadata.Key;
        var credential = cluster.Spec.Credential is { Length: > 0 } name ? await client.Resource(FleetKinds.Credentials).GetAsync(key with { Name = name }, ct) : null;
        // Without a credential the cluster stays where it is.
        var telling = credential?.Metadata.Name;
        var wanted = credential?.Spec.Region is { Length: > 0 } region ? region : null;
        var placed = cluster.Status?.Region is { Length: > 0 } before ? before : null;
        if (wanted is null && placed is null)
            return (credential, new(null));
        var isInManagement = await HasReleaseAsync(management, cluster, ct);
        // Nothing is left there in the end: that must not lead elsewhere.
        if (cluster.Metadata.IsBeingDeleted && !isInManagement)
            return (credential, new(placed));
        var isInPlaced = isInManagement || placed is null || placed == wanted || telling is null ? null : await IsInAsync(placed, cluster, ct);
        return (credential, RegionChoice.Of(telling, wanted, placed, isInManagement, isInPlaced));
    }

    private async Task<bool?> IsInAsync(string region, ClusterDeployment cluster, CancellationToken ct)
    {
        await using var lease = connections.Lease(region, watching: false);
        using var visit = await regions.VisitAsync(lease.Connection, ct);
        try
        {
            return visit.Session is { } session ? await IsInAsync(session.Host, cluster, ct) : null;
        }
        catch (KubeApiException)
        {
            return null;
        }
    }

    // A release that is gone may have left a Cluster that is still going.
    private static async Task<bool> IsInAsync(CapiHost host, ClusterDeployment cluster, CancellationToken ct) =>
        await HasReleaseAsync(host, cluster, ct) || await host.Capi.FindAsync(cluster.Metadata.Key, ct) is not null;

    private static async Task<bool> HasReleaseAsync(CapiHost host, ClusterDeployment cluster, CancellationToken ct) =>
        await host.Records.LatestAsync(cluster.Metadata.Key, ct) is { IsUninstalled: false } release && release.Owner == ReleaseIdentity.Of(cluster.Metadata);

    private sealed class Returning(RegionLease lease) : IDisposable
    {
        public void Dispose() => _ = lease.DisposeAsync().AsTask();
    }
}

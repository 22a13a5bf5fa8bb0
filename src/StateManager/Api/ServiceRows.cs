using Fleet.Control.Kinds;
using Fleet.Helm.Releases;
using Fleet.Kubernetes.Objects;
using Fleet.Rest.Problems;
using Fleet.Rest.Requests;
using Fleet.StateManager.ServiceSets;

namespace Fleet.StateManager.Api;

/// <summary>Services as callers of the API may see them, from the watch of ServiceSets.</summary>
internal sealed class ServiceRows(ServiceSetIndex sets)
{
    public static ResourceKind Kind => FleetKinds.ServiceSets.Kind;

    /// <summary>All of them, in the order of lists. What is not known yet is not absent.</summary>
    public async Task<IReadOnlyList<ServiceRow>> AllAsync(CancellationToken ct)
    {
        await sets.Informer.WaitForSyncAsync(ct);
        return [.. sets.Informer.Items.SelectMany(ServiceRow.Of).OrderBy(row => row.Place, StringComparer.Ordinal)];
    }

    /// <summary>RBAC is asked first, so that 404 tells only those who may know. Of several sets that name the release the owner's counts.</summary>
    public async Task<ServiceRow> FindAsync(ApiCall call, ObjectKey cluster, ReleaseName release, string verb, string? subresource, CancellationToken ct)
    {
        await sets.Informer.WaitForSyncAsync(ct);
        var candidates = sets.OfCluster(cluster);
        var rows = candidates.SelectMany(ServiceRow.Of).Where(row => row.Release == release).OrderBy(row => row.Place, StringComparer.Ordinal).ToList();
        var owner = ServiceSetIndex.OwnerOf(candidates, release.Namespace, release.Name);
        var found = rows.Find(row => row.Set.Metadata.Name == owner?.Metadata.Name) ?? rows.FirstOrDefault();
        await call.RequireAsync(new(verb, Kind, cluster.Namespace, found?.Set.Metadata.Name, subresource), ct);
        return found ?? throw new ProblemException(ProblemKind.NotFound, $"there is no service {release} on cluster {cluster}");
    }
}

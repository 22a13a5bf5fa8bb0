using Fleet.Control.Kinds;
using Fleet.Helm.Releases;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Rest.Problems;
using Fleet.Rest.Requests;
using Fleet.StateManager.ServiceSets;

namespace Fleet.StateManager.Api;

/// <summary>Services as callers of the API may see them, from the watch of ServiceSets.</summary>
internal sealed class ServiceRows(ServiceSetIndex sets, IKubernetesClient management)
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

    /// <summary>
    /// The same one as it is this moment. A watch tells a little late, and streams have watches of their own: whoever was refused because of a version, or has
    /// just changed something, must find it.
    /// </summary>
    public async Task<ServiceRow> NowAsync(ServiceRow row, CancellationToken ct) =>
        row.In(await ReadAsync(row, ct)) ?? throw new ProblemException(ProblemKind.NotFound, $"there is no service {row.Release} on cluster {row.Cluster}");

    public async Task<DynamicObject> ReadAsync(ServiceRow row, CancellationToken ct) =>
        await management.Dynamic(Kind).GetAsync(row.Set.Metadata.Key, ct)
        ?? throw new ProblemException(ProblemKind.NotFound, $"there is no {Kind.Kind} {row.Set.Metadata.Key}");

    /// <summary>Whether nobody has decided anything since the version that a caller names: status that controllers write is no reason to refuse.</summary>
    public bool IsAsSeen(DynamicObject now, string? wanted) => wanted is null || sets.Versions.IsAs(wanted, now.Metadata);
}

using Fleet.ClusterManager.Watching;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Clusters;

/// <summary>Finds the ServiceSets of a cluster, from whichever source they come.</summary>
internal sealed class ServiceSetLookup(IKubernetesClient client, ClusterWatches watches)
{
    /// <summary>
    /// By the watch's index, so that a namespace of a thousand clusters is not listed for each of them. A set that the watch has not seen yet
    /// asks for the next reconcile by itself; the cluster's own is read in any case.
    /// </summary>
    public async Task<IReadOnlyList<ServiceSet>> OfAsync(ObjectKey cluster, CancellationToken ct)
    {
        var known = watches.ServiceSets.State.HasSynced
            ? watches.ServiceSets.ByIndex(ClusterWatches.ByCluster, cluster.ToString()).Select(row => row.Key)
            : [];
        var sets = new List<ServiceSet>();
        foreach (var key in known.Append(cluster).Distinct().Order())
            if (await client.Resource(FleetKinds.ServiceSets).GetAsync(key, ct) is { } set && set.Spec.Cluster == cluster.Name)
                sets.Add(set);
        return sets;
    }

    /// <summary>As the API server has them now: a deletion must not go on because a watch is late.</summary>
    public async Task<IReadOnlyList<ServiceSet>> LeftOfAsync(ObjectKey cluster, CancellationToken ct)
    {
        var list = await client.Resource(FleetKinds.ServiceSets).ListAsync(new() { Namespace = cluster.Namespace }, ct);
        return [.. list.Items.Where(set => set.Spec.Cluster == cluster.Name)];
    }
}

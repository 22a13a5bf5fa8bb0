using Fleet.ClusterManager.References;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Watching;

namespace Fleet.ClusterManager.Watching;

/// <summary>Who is to look again when something that clusters refer to has changed.</summary>
internal sealed class ReferenceDependants(ClusterWatches clusters, ReferenceWatches watches)
{
    public IEnumerable<ObjectKey> ClustersOf(ResourceKind kind, ObjectKey key) => clusters.Clusters.State.HasSynced
        ? clusters.Clusters.ByIndex(ClusterWatches.ByReference, ClusterReferences.Named(kind, key)).Select(cluster => cluster.Key)
        : [];

    /// <summary>A Secret that Fleet has laid beside the cluster, or one whose certificates are in such a Secret.</summary>
    public IEnumerable<ObjectKey> ClustersOf(SecretRow secret)
    {
        if (DocumentPlaces.ClusterOf(secret.Key) is { } cluster)
            yield return cluster;
        if (!watches.Authentications.State.HasSynced)
            yield break;
        foreach (var authentication in watches.Authentications.ByIndex(ReferenceWatches.BySecret, secret.Key.ToString()))
            foreach (var key in ClustersOf(FleetKinds.ClusterAuthentications.Kind, authentication.Key))
                yield return key;
    }

    /// <summary>Those with a database in this DataSource.</summary>
    public IEnumerable<ObjectKey> DatabasesOf(ReferredRow source) => watches.Databases.State.HasSynced
        ? watches.Databases.ByIndex(ReferenceWatches.ByDataSource, source.Key.ToString()).Select(database => database.Key)
        : [];

    /// <summary>Those that sign in with a value of this Secret, or whose own it is.</summary>
    public IEnumerable<ObjectKey> DatabasesOf(SecretRow secret)
    {
        if (DataSources.DataSourceSecrets.OwnerOf(secret.Key) is { } owner)
            yield return owner;
        if (!watches.DataSources.State.HasSynced)
            yield break;
        foreach (var source in watches.DataSources.ByIndex(ReferenceWatches.BySecret, secret.Key.ToString()))
            foreach (var key in DatabasesOf(source))
                yield return key;
    }

    /// <summary>The database itself, unless only its status has changed.</summary>
    public static IEnumerable<ObjectKey> Itself(InformerEvent<DatabaseRow> change) =>
        change.Previous is { } before && DatabaseRow.AskTheSame(before, change.Item) ? [] : [change.Key];

    /// <summary>What was bound or unbound, or has another pool.</summary>
    public IEnumerable<ObjectKey> ClustersOf(InformerEvent<ClusterIpam> change) =>
        ClustersOf(FleetKinds.ClusterIpamClaims.Kind, change.Key with { Name = change.Item.Spec.ClusterIpamClaimRef is { Length: > 0 } claim ? claim : change.Key.Name });
}

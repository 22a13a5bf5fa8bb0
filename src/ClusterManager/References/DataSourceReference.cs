using System.Text.Json.Nodes;
using Fleet.ClusterManager.Clusters;
using Fleet.ClusterManager.DataSources;
using Fleet.Contracts.Conditions;
using static Fleet.Contracts.Clusters.ClusterDeploymentConditions;

namespace Fleet.ClusterManager.References;

/// <summary>spec.dataSource: the database that a hosted control plane keeps its state in. Pure.</summary>
internal static class DataSourceReference
{
    private const string Fixed = "spec.dataSource cannot be added or removed after creation";

    /// <summary>The cluster keeps its state in a database, and its spec names none any more.</summary>
    public static ResolvedReference Removed(Kubernetes.Objects.ObjectKey cluster) =>
        ResolvedReference.Lacking("spec.dataSource", Condition.False(ClusterDataSourceReady, Reason.Failed, $"{Fixed}: the state of the cluster is in ClusterDataSource {cluster}"));

    public static ResolvedReference Resolve(DataSourceFacts facts, ClusterDeployment cluster, bool isInstalled, bool isPreview)
    {
        var name = $"DataSource {facts.Key}";
        if (facts.Source is not { } source)
            return ResolvedReference.Lacking(name, Condition.False(DataSourceReady, Reason.Failed, $"failed to get {name}: it does not exist"));
        var there = Condition.True(DataSourceReady, Reason.Succeeded, $"{name} is there");
        // A control plane cannot change where it keeps its state, and an empty database looks like the loss of everything.
        if (facts.Database is null && isInstalled)
            return ResolvedReference.Lacking(
                $"ClusterDataSource {cluster.Metadata.Key}", there,
                Condition.False(ClusterDataSourceReady, Reason.Failed, $"ClusterDataSource {cluster.Metadata.Key} does not exist; {Fixed}, and no empty database is made in place of one that is gone"));
        var (kine, authority) = Names(facts.Database, cluster, isInstalled, isPreview);
        if (kine is null)
            return ResolvedReference.Lacking($"ClusterDataSource {cluster.Metadata.Key}", there, OfDatabase(facts.Database, cluster));

        var values = new JsonObject { ["kineDataSourceSecretName"] = kine };
        if (source.Spec.CertificateAuthority is { } reference)
            values["caSecret"] = new JsonObject { ["name"] = authority, ["key"] = reference.Key };
        return new()
        {
            Name = name,
            Conditions = isPreview && facts.Database is null ? [there] : [there, OfDatabase(facts.Database, cluster)],
            Values = new() { ["dataSource"] = values },
        };
    }

    /// <summary>Whether the ClusterDataSource of this name belongs to something else than this object.</summary>
    public static bool IsForeign(ClusterDataSource database, ClusterDeployment cluster) => OwnedObjects.IsOfAnother(database.Metadata, cluster);

    // A server that is away for a moment changes nothing for a cluster that has its Secrets.
    private static (string? Kine, string? Authority) Names(ClusterDataSource? database, ClusterDeployment cluster, bool isInstalled, bool isPreview)
    {
        if (database is null)
            return isPreview ? (DataSourceSecrets.KineName(cluster.Metadata.Key.Name), DataSourceSecrets.AuthorityName(cluster.Metadata.Key.Name)) : default;
        return !IsForeign(database, cluster) && database.Status is { KineDataSourceSecret: { Length: > 0 } kine } status && (status.Ready || isInstalled)
            ? (kine, status.CaSecret)
            : default;
    }

    private static Condition OfDatabase(ClusterDataSource? database, ClusterDeployment cluster)
    {
        var name = $"ClusterDataSource {cluster.Metadata.Key}";
        if (database is null)
            return Condition.False(ClusterDataSourceReady, Reason.Progressing, $"{name} is being made");
        if (IsForeign(database, cluster))
            return Condition.False(ClusterDataSourceReady, Reason.Failed, $"{name} is there already and was not made for this ClusterDeployment");
        if (database.Metadata.IsBeingDeleted)
            return Condition.False(ClusterDataSourceReady, Reason.Failed, $"{name} is being deleted{(database.Status?.Error is { Length: > 0 } held ? $": {held}" : "")}");
        if (database.Status?.Error is { Length: > 0 } error)
            return Condition.False(ClusterDataSourceReady, Reason.Failed, $"{name}: {error}");
        return database.Status?.Ready == true
            ? Condition.True(ClusterDataSourceReady, Reason.Succeeded, $"{name} is ready")
            : Condition.False(ClusterDataSourceReady, Reason.Progressing, $"{name} is not ready yet");
    }
}

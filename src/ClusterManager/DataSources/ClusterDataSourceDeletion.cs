using Fleet.Control.Kinds;
using Fleet.Control.Reconciling;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.DataSources;

/// <summary>Drops the database of a cluster that is gone, and never that of one that is there.</summary>
internal sealed partial class ClusterDataSourceDeletion(IKubernetesClient client, ILogger<ClusterDataSourceDeletion> logger)
{
    public Task<ClusterDataSource?> GetAsync(ObjectKey key, CancellationToken ct) => client.Resource(FleetKinds.ClusterDataSources).GetAsync(key, ct);

    /// <summary>What holds the deletion up; null when nothing is left. What the server says is DatabaseException.</summary>
    public async Task<string?> DropAsync(ClusterDataSourceFacts facts, ReconcileRequest request, CancellationToken ct)
    {
        var (database, key) = (facts.Object, facts.Object.Metadata.Key);
        if (await client.Resource(FleetKinds.ClusterDeployments).GetAsync(key, ct) is { Metadata.IsBeingDeleted: false, Spec.DataSource.Length: > 0 } cluster
            && database.Metadata.OwnerReferences?.Exists(owner => owner.Uid == cluster.Metadata.Uid) == true)
            return $"ClusterDeployment {key} keeps its state in database {database.Spec.Schema}, which goes when the ClusterDeployment goes";
        if (facts.Server is { } server)
        {
            request.Ownership.EnsureCurrent();
            await ClusterDatabases.DropAsync(server, facts.Database, ct);
            return null;
        }
        // Nobody can give the DataSource or its Secrets back to a namespace that is going.
        if (await client.Resource(CoreTypes.Namespaces).GetAsync(ObjectKey.Cluster(key.Namespace), ct) is not { Metadata.IsBeingDeleted: true })
            return $"database {database.Spec.Schema} cannot be dropped: {facts.Problem}";
        LogLeftBehind(database.Spec.Schema, key.Namespace, database.Spec.DataSource, facts.Problem);
        return null;
    }

    [LoggerMessage(1700, LogLevel.Warning, "Database {Database} of DataSource {Namespace}/{DataSource} was left behind, since its namespace is being deleted: {Problem}")]
    private partial void LogLeftBehind(string database, string @namespace, string dataSource, string? problem);
}

using Fleet.ClusterManager.References;
using Fleet.Contracts.DataSources;
using Fleet.Contracts.References;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Watching;

namespace Fleet.ClusterManager.Watching;

/// <summary>The watches on what ClusterDeployments refer to, shared by all controllers. All are kinds with few objects.</summary>
internal sealed class ReferenceWatches(IKubernetesClient client, TimeProvider clock) : IAsyncDisposable
{
    public const string BySecret = "secret";

    public const string ByDataSource = "datasource";

    public Informer<ClusterAuthentication, ReferredRow> Authentications { get; } = Of(
        client, FleetKinds.ClusterAuthentications, clock, item => ReferredRow.Of(item, item.Spec.CaSecret));

    public Informer<ClusterAuditPolicy, ReferredRow> AuditPolicies { get; } = Of(client, FleetKinds.ClusterAuditPolicies, clock, item => ReferredRow.Of(item));

    public Informer<DataSource, ReferredRow> DataSources { get; } = Of(
        client, FleetKinds.DataSources, clock, item => ReferredRow.Of(item, item.Spec.Auth.Username, item.Spec.Auth.Password, item.Spec.CertificateAuthority));

    public Informer<ClusterDataSource, DatabaseRow> Databases { get; } = client.Resource(FleetKinds.ClusterDataSources).Informer(
        new InformerOptions<ClusterDataSource, DatabaseRow>
        {
            Project = DatabaseRow.Of,
            Unchanged = EqualityComparer<DatabaseRow>.Default,
            Clock = clock,
            Indices = new Dictionary<string, Func<DatabaseRow, IEnumerable<string>>> { [ByDataSource] = row => [$"{row.Key.Namespace}/{row.DataSource}"] },
        });

    public async ValueTask DisposeAsync()
    {
        IAsyncDisposable[] all = [Authentications, AuditPolicies, DataSources, Databases];
        foreach (var informer in all)
            await informer.DisposeAsync();
    }

    private static Informer<T, ReferredRow> Of<T>(IKubernetesClient client, ResourceType<T> type, TimeProvider clock, Func<T, ReferredRow> project)
        where T : class, IKubernetesObject => client.Resource(type).Informer(
        new InformerOptions<T, ReferredRow>
        {
            Project = project,
            Unchanged = EqualityComparer<ReferredRow>.Default,
            Clock = clock,
            Indices = new Dictionary<string, Func<ReferredRow, IEnumerable<string>>> { [BySecret] = row => row.Secrets.Split(' ', StringSplitOptions.RemoveEmptyEntries) },
        });
}

/// <summary>An object that clusters refer to.</summary>
/// <param name="Secrets">Those that it takes values of, with a space between, so that rows compare by value.</param>
internal sealed record ReferredRow(ObjectKey Key, string? Uid, long? Generation, string Secrets)
{
    public static ReferredRow Of(IKubernetesObject item, params ReadOnlySpan<SecretKeyReference?> secrets)
    {
        var names = new List<string>();
        foreach (var secret in secrets)
            if (secret is { Name.Length: > 0 })
                names.Add(SecretValues.KeyOf(secret, item.Metadata.Namespace ?? "").ToString());
        return new(item.Metadata.Key, item.Metadata.Uid, item.Metadata.Generation, string.Join(' ', names.Distinct()));
    }
}

internal sealed record DatabaseRow(ObjectKey Key, string? Uid, long? Generation, bool IsBeingDeleted, bool HasFinalizer, string DataSource, ClusterDataSourceStatus? Status)
{
    public static DatabaseRow Of(ClusterDataSource item) => new(
        item.Metadata.Key, item.Metadata.Uid, item.Metadata.Generation, item.Metadata.IsBeingDeleted,
        item.Metadata.Finalizers?.Contains(Contracts.FleetFinalizers.ClusterDataSource) == true, item.Spec.DataSource, item.Status);

    /// <summary>Two rows that ask for the same work; what its own controller has written into status asks for nothing.</summary>
    public static bool AskTheSame(DatabaseRow before, DatabaseRow after) => before == after with { Status = before.Status };
}

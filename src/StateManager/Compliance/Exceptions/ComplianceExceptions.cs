using Fleet.Control.Kinds;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Watching;
using Fleet.StateManager.MultiClusterServices;

namespace Fleet.StateManager.Compliance.Exceptions;

/// <summary>Every ComplianceException, from a watch.</summary>
internal sealed class ComplianceExceptions(IKubernetesClient management, TimeProvider clock) : IAsyncDisposable
{
    private const string ByNamespace = "namespace";

    public Informer<ComplianceException, ExceptionRow> Informer { get; } = management.Resource(FleetKinds.ComplianceExceptions).Informer(new InformerOptions<ComplianceException, ExceptionRow>
    {
        Project = ExceptionRow.Of,
        // Status and the like do not change what it covers.
        Unchanged = EqualityComparer<ExceptionRow>.Create((a, b) => (a?.Key, a?.Generation) == (b?.Key, b?.Generation), row => row.Key.GetHashCode()),
        Indices = new Dictionary<string, Func<ExceptionRow, IEnumerable<string>>> { [ByNamespace] = static row => [row.Key.Namespace] },
        Clock = clock,
    });

    /// <summary>Those that cover the cluster and have not ended, in the order of their names.</summary>
    public IReadOnlyList<ExceptionRow> For(SelectableCluster cluster, DateTimeOffset now) =>
        [.. Of(cluster.Key.Namespace).Where(row => row.IsActive(now) && row.Covers(cluster)).OrderBy(row => row.Key)];

    public IReadOnlyList<ExceptionRow> Of(string @namespace) => Informer.ByIndex(ByNamespace, @namespace);

    public ValueTask DisposeAsync() => Informer.DisposeAsync();
}

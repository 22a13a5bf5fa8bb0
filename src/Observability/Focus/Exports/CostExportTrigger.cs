using Fleet.Contracts;
using Fleet.Control.Kinds;
using Fleet.Control.Queueing;
using Fleet.Control.Watching;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Watching;

namespace Fleet.Observability.Focus.Exports;

/// <summary>An export is looked at when its spec changes or somebody asks for it; its status does not ask.</summary>
internal sealed class CostExportTrigger(IKubernetesClient management, TimeProvider clock) : ITrigger, IAsyncDisposable
{
    private readonly Informer<CostExport, Facts> exports = management.Resource(FleetKinds.CostExports).Informer(new InformerOptions<CostExport, Facts>
    {
        Project = export => new(export.Metadata.Key, export.Metadata.Uid, export.Metadata.Generation, export.Metadata.Annotations?.GetValueOrDefault(FleetAnnotations.ReconcileRequested)),
        Unchanged = EqualityComparer<Facts>.Default,
        Clock = clock,
    });

    private InformerTrigger<CostExport, Facts> Own => new(exports, change => [change.Key]);

    public Task StartAsync(IWorkQueue queue, CancellationToken ct) => Own.StartAsync(queue, ct);

    public void Replay(IWorkQueue queue) => Own.Replay(queue);

    public ValueTask DisposeAsync() => exports.DisposeAsync();

    private sealed record Facts(ObjectKey Key, string? Uid, long? Generation, string? Request);
}

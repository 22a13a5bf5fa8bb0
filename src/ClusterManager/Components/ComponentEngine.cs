using Fleet.Control.Queueing;
using Fleet.Control.Reconciling;

namespace Fleet.ClusterManager.Components;

/// <summary>
/// Installs components in a cluster, in order, and says how they are. One round does what can be done now; what depends on it comes in a later one, so
/// call again after <see cref="ComponentsReport.LookAgain"/>. Used within the grain of the object that owns the components.
/// </summary>
internal sealed class ComponentEngine(ComponentFactsReader reader, ComponentApplier applier, ClusterManagerOptions options, TimeProvider clock, IJitterSource jitter)
{
    /// <summary>Failures of helm are part of the report; those of reading either API throw.</summary>
    public async Task<ComponentsReport> RunAsync(ComponentsRequest wanted, ReconcileRequest request, CancellationToken ct)
    {
        var memory = Memory(request);
        var facts = await reader.ReadAsync(wanted, memory, ct);
        var plan = ComponentPlanner.Plan(facts, options.HelmTimeout);
        var results = await applier.ApplyAsync(wanted.Target, plan, memory, request, ct);
        return ComponentsReportFrom.Of(facts, plan, results);
    }

    /// <summary>Takes a step towards removing everything that was installed for this owner, in reverse order; see <see cref="ComponentRemoval"/>.</summary>
    public async Task<RemovalReport> RemoveAsync(ComponentTarget target, ReconcileRequest request, CancellationToken ct)
    {
        var memory = Memory(request);
        var installed = await InstalledComponents.ReadAsync(target, memory, ct);
        var plan = ComponentRemoval.Next([.. installed.Values]);
        var results = await applier.ApplyAsync(target, plan, memory, request, ct);
        return RemovalReport.Of(plan, results);
    }

    private ComponentMemory Memory(ReconcileRequest request) => request.Grain.Part(() => new ComponentMemory(clock, jitter));
}

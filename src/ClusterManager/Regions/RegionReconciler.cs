using Fleet.Contracts;
using Fleet.Control.Kinds;
using Fleet.Control.Reconciling;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Regions;

/// <summary>
/// Keeps the connection to a region, says how it is, installs what it needs, and notes which cluster it is: everybody else compares with that.
/// </summary>
internal sealed class RegionReconciler(
    IKubernetesClient client, RegionFactsReader reader, RegionConnections connections, RegionComponents components, RegionStatusWriter writer) : IReconciler
{
    /// <summary>The connection tells when the region is lost or back, and watches tell the rest.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan LookAgainAtTrouble = TimeSpan.FromSeconds(15);

    public async Task<Outcome> ReconcileAsync(ReconcileRequest request, CancellationToken ct)
    {
        var use = request.Grain.Part(() => new RegionUse(connections, watching: false));
        if (await client.Resource(FleetKinds.Regions).GetAsync(request.Key, ct) is not { } region)
        {
            await use.LeaveAsync();
            return Outcome.Done;
        }
        region = await writer.MarkAsync(region, request, ct);
        var (facts, visit) = await reader.ReadAsync(region, await use.OfAsync(request.Key.Name), ct);
        using (visit)
            return region.Metadata.IsBeingDeleted ? await LeaveAsync(facts, visit, request, ct) : await WorkAsync(facts, visit, request, ct);
    }

    private async Task<Outcome> WorkAsync(RegionFacts facts, RegionVisit visit, ReconcileRequest request, CancellationToken ct)
    {
        var report = visit.Session is { } session ? await RunAsync(facts, session, request, ct) : null;
        await writer.WriteAsync(facts, report?.Problems ?? [], report, request);
        if (!facts.View.IsUsable)
            return Outcome.Waiting(facts.View.State.ToString(), LookAgainAtTrouble);
        // The cluster has just been noted: its turn comes with the change of status.
        return Outcome.After(visit.Session is null ? TimeSpan.FromMilliseconds(100) : report?.LookAgain ?? LookAgain);
    }

    private async Task<RegionReport?> RunAsync(RegionFacts facts, RegionSession session, ReconcileRequest request, CancellationToken ct)
    {
        try
        {
            return await components.RunAsync(facts, session, request, ct);
        }
        catch (KubeApiException e)
        {
            return new(null, [$"components cannot be read: {e.Message}"], LookAgainAtTrouble);
        }
    }

    /// <summary>Admission refuses the deletion of a region in use; here for where nobody asked it, and for what is installed there.</summary>
    private async Task<Outcome> LeaveAsync(RegionFacts facts, RegionVisit visit, ReconcileRequest request, CancellationToken ct)
    {
        if (!facts.HasFinalizer)
            return Outcome.Done;
        var problem = "";
        if (facts.Users.IsEmpty && !LeavesBehind(facts.Object))
        {
            if (visit is { Session: { } session, View.IsPaused: false })
            {
                var removal = await components.RemoveAsync(facts, session, request, ct);
                problem = removal.IsDone ? "" : removal.Message;
            }
            else if (HasComponents(facts.Object))
            {
                problem = facts.View.IsPaused ? facts.View.PauseText : facts.View.Text;
            }
        }
        if (facts.Users.IsEmpty && problem.Length == 0)
        {
            await writer.ReleaseAsync(facts.Object, request, ct);
            return Outcome.Done;
        }
        await writer.WriteAsync(facts, problem.Length > 0 ? [problem] : [], null, request);
        return Outcome.Waiting("Deleting", facts.Users.IsEmpty ? TimeSpan.FromSeconds(1) : LookAgainAtTrouble);
    }

    private static bool HasComponents(Region region) => region.Status?.Components is { Count: > 0 };

    private static bool LeavesBehind(Region region) =>
        region.Metadata.Annotations?.GetValueOrDefault(FleetAnnotations.DeletionPolicy) is { } policy
        && (policy.Equals("Force", StringComparison.OrdinalIgnoreCase) || policy.Equals("Orphan", StringComparison.OrdinalIgnoreCase));
}

using Fleet.Contracts.Compliance;
using Fleet.Control.Grains;
using Fleet.Control.Kinds;
using Fleet.Control.Reconciling;
using Fleet.Control.Status;
using Fleet.Kubernetes.Resources;
using Fleet.StateManager.Compliance.Storage;

namespace Fleet.StateManager.Compliance.Exceptions;

/// <summary>Tells of an exception whether it counts, and how much. What it does to the figures is the recorder's.</summary>
internal sealed class ComplianceExceptionReconciler(
    IKubernetesClient management, IComplianceStore store, IStatusWriter status, ComplianceEvents events, IGrainDirectory directory, TimeProvider clock) : IReconciler
{
    /// <summary>Timers are not made for years; and what the database did not say is asked again.</summary>
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromHours(1);

    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(30);

    /// <summary>Another replica writes figures of this namespace, too, and tells nobody.</summary>
    private static readonly TimeSpan LookAtOthersAfter = TimeSpan.FromMinutes(1);

    public async Task<Outcome> ReconcileAsync(ReconcileRequest request, CancellationToken ct)
    {
        if (await management.Resource(FleetKinds.ComplianceExceptions).GetAsync(request.Key, ct) is not { Metadata.IsBeingDeleted: false } item)
            return Outcome.Done;
        var row = ExceptionRow.Of(item);
        var now = clock.GetUtcNow();
        var active = row.IsActive(now);
        var (covered, isKnown) = await CoveredAsync(item, active, ct);
        var wanted = new ComplianceExceptionStatus { MatchedFindings = covered?.Findings, MatchedClusters = covered?.Clusters, ObservedGeneration = row.Generation };
        var conditions = ExceptionConditionsFrom.All(row, now);
        await status.WriteAsync(StatusChange.Of(FleetKinds.ComplianceExceptions, item, wanted, conditions, ExceptionConditionsFrom.Owned, request.Ownership));
        events.Tell(item, conditions);
        var again = !isKnown ? AskAgainAfter : directory.IsShared ? LookAtOthersAfter : LookAgainAfter;
        return active ? Outcome.After(row.Spec.Expires - now is var left && left < again ? left : again) : isKnown ? Outcome.Done : Outcome.After(again);
    }

    /// <summary>A database that does not answer leaves the last number: it is not zero.</summary>
    private async Task<((int Findings, int Clusters)? Covered, bool IsKnown)> CoveredAsync(ComplianceException item, bool active, CancellationToken ct)
    {
        if (!active)
            return ((0, 0), true);
        try
        {
            return (await store.CoveredAsync(item.Metadata.Key, ct), true);
        }
        catch (ComplianceStoreException)
        {
            return (item.Status is { MatchedFindings: { } findings, MatchedClusters: { } clusters } ? (findings, clusters) : null, false);
        }
    }
}

using Fleet.Contracts.Conditions;
using Fleet.Control.Kinds;
using Fleet.Control.Reconciling;
using Fleet.Control.Status;

namespace Fleet.ClusterManager.Access;

/// <summary>Copies objects of the system namespaces to the namespaces that the rules name, and keeps the copies as their sources are.</summary>
internal sealed class AccessManagementReconciler(AccessFactsReader reader, AccessApplier applier, SystemNamespaces system, IStatusWriter status) : IReconciler
{
    /// <summary>Upstream's interval. Namespaces and the usual kinds report at once; other kinds are only found by looking.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private static readonly HashSet<ConditionType> OwnsNoConditions = [];

    public async Task<Outcome> ReconcileAsync(ReconcileRequest request, CancellationToken ct)
    {
        if (await reader.ReadAsync(request.Key, ct) is not { } facts)
            return Outcome.Done;
        var plan = AccessPlanner.Plan(facts, system);
        var failures = await applier.ApplyAsync(plan, request.Ownership, ct);
        var wanted = AccessStatusFrom.Problems(facts, [.. plan.Problems, .. failures]);
        await status.WriteAsync(StatusChange.Of(FleetKinds.AccessManagements, facts.Object, wanted, [], OwnsNoConditions, request.Ownership));
        return failures.Count > 0 ? Outcome.Waiting("CopiesFailed", RetryAfter) : Outcome.After(LookAgain);
    }
}

using Fleet.Contracts.Conditions;
using Fleet.Contracts.Credentials;
using Fleet.Control.Kinds;
using Fleet.Control.Reconciling;
using Fleet.Control.Status;

namespace Fleet.ClusterManager.Credentials;

/// <summary>Says whether a Credential can be used.</summary>
internal sealed class CredentialReconciler(CredentialFactsReader facts, IStatusWriter status) : IReconciler
{
    /// <summary>
    /// Changes of Secrets and of the usual identity kinds are reported at once; this is for identities of kinds that are not watched.
    /// </summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Resync = TimeSpan.FromMinutes(15);

    public async Task<Outcome> ReconcileAsync(ReconcileRequest request, CancellationToken ct)
    {
        if (await facts.ReadAsync(request.Key, ct) is not { } seen || seen.Object.Metadata.IsBeingDeleted)
            return Outcome.Done;
        var condition = CredentialConditionsFrom.Facts(seen) with { ObservedGeneration = seen.Object.Metadata.Generation };
        var ready = condition.Status == ConditionStatus.True;
        var wanted = new CredentialStatus { Ready = ready, ObservedGeneration = seen.Object.Metadata.Generation };
        await status.WriteAsync(StatusChange.Of(FleetKinds.Credentials, seen.Object, wanted, [condition], CredentialConditionsFrom.Owned, request.Ownership));
        return ready ? Outcome.After(Resync) : Outcome.Waiting(condition.Reason.Value, LookAgain);
    }
}

using Fleet.Contracts.StateProviders;
using Fleet.Control.Kinds;
using Fleet.Control.Reconciling;
using Fleet.Control.Status;

namespace Fleet.StateManager.StateProviders;

/// <summary>Says of a StateManagementProvider whether what it names is there and ready. It changes nothing but status.</summary>
internal sealed class StateProviderReconciler(StateProviderFactsReader reader, IStatusWriter status) : IReconciler
{
    public async Task<Outcome> ReconcileAsync(ReconcileRequest request, CancellationToken ct)
    {
        if (await reader.ReadAsync(request.Key, ct) is not { } facts)
            return Outcome.Done;
        var conditions = StateProviderConditionsFrom.All(facts);
        var wanted = new StateManagementProviderStatus { Ready = StateProviderConditionsFrom.IsReady(facts, conditions) };
        await status.WriteAsync(StatusChange.Of(FleetKinds.StateManagementProviders, facts.Object, wanted, conditions, StateProviderConditionsFrom.Owned, request.Ownership));
        return Outcome.Done;
    }
}

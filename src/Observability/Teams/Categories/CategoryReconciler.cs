using Fleet.Control.Kinds;
using Fleet.Control.Reconciling;
using Fleet.Control.Status;
using Fleet.Kubernetes.Resources;
using Fleet.Observability.Days;

namespace Fleet.Observability.Teams.Categories;

/// <summary>Says in the status of a CostCategory what its rules make of the costs.</summary>
internal sealed class CategoryReconciler(IKubernetesClient management, CategoryFactsReader reader, IStatusWriter status, DayWake days, TimeProvider clock) : IReconciler
{
    /// <summary>Costs grow all the time; this is as often as anybody reads a status.</summary>
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(30);

    public async Task<Outcome> ReconcileAsync(ReconcileRequest request, CancellationToken ct)
    {
        if (await management.Resource(FleetKinds.CostCategories).GetAsync(request.Key, ct) is not { Metadata.IsBeingDeleted: false } category)
            return Outcome.Done;
        var facts = await reader.ReadAsync(category, ct);
        if (facts.Unknown == CategoryUnknown.NotAddedUp)
            days.Wake();
        await status.WriteAsync(StatusChange.Of(
            FleetKinds.CostCategories, category, CategoryStatusFrom.Of(category, facts, clock.GetUtcNow()), CategoryConditionsFrom.All(category, facts), CategoryConditionsFrom.Owned, request.Ownership));
        return facts.Unknown switch
        {
            CategoryUnknown.None => Outcome.After(LookAgainAfter),
            CategoryUnknown.WrongRules => Outcome.Stalled(facts.Unknown.ToString(), facts.Problem),
            _ => Outcome.Waiting(facts.Unknown.ToString(), AskAgainAfter),
        };
    }
}

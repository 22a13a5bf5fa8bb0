using Fleet.Control.Grains;
using Fleet.Control.Queueing;
using Fleet.Control.Watching;
using Fleet.Observability.Days;

namespace Fleet.Observability.Budgets;

/// <summary>Days that were added up ask for every budget.</summary>
internal sealed class BudgetTrigger(FleetBudgets budgets) : ITrigger, IDayListener
{
    private IWorkQueue? queue;

    public Task StartAsync(IWorkQueue queue, CancellationToken ct)
    {
        this.queue = queue;
        return Task.CompletedTask;
    }

    public Task RolledAsync(GrainOwnership owner, CancellationToken ct)
    {
        foreach (var budget in budgets.All)
            queue?.Add(budget.Metadata.Key);
        return Task.CompletedTask;
    }
}

using Fleet.Control;
using Fleet.Control.Ownership;
using Fleet.Control.Reconciling;
using Fleet.Control.Watching;
using Fleet.Observability.Anomalies;
using Fleet.Observability.Costs.Summary;
using Fleet.Observability.Days;
using Fleet.Observability.Ledger;
using Fleet.Observability.Teams.Categories;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Fleet.Observability.Budgets;

/// <summary>Costs of days, and what looks at them.</summary>
internal static class BudgetServices
{
    public static IServiceCollection AddBudgets(this IServiceCollection services, DayOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<DayStore>();
        services.AddSingleton<LedgerGaps>();
        services.AddSingleton<FilteredDays>();
        services.AddSingleton<SummaryReader>();
        services.AddSingleton<FleetBudgets>();
        services.AddSingleton<IDaySubjects>(s => s.GetRequiredService<FleetBudgets>());
        services.AddSingleton<BudgetTrigger>();
        services.AddSingleton<IDayListener>(s => s.GetRequiredService<BudgetTrigger>());
        services.TryAddSingleton<AnomalyStore>();
        services.AddSingleton<IDayListener, AnomalyWatch>();
        services.AddSingleton<DayWake>();
        services.AddOwnedHostedService(Singletons.Days, (s, owner) => ActivatorUtilities.CreateInstance<DayRoller>(s, owner));
        services.AddSingleton<BudgetFactsReader>();
        services.AddSingleton<BudgetEvents>();
        services.AddCostCategories();
        return services.AddController<BudgetReconciler>(s => new ControllerOptions
        {
            Name = "budget",
            GrainOf = Singletons.With(Singletons.Days),
            Triggers =
            [
                new InformerTrigger<Budget, Budget>(s.GetRequiredService<FleetBudgets>().Informer, Changes.Own),
                s.GetRequiredService<BudgetTrigger>(),
            ],
        });
    }
}

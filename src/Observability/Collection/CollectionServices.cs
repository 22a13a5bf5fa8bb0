using Fleet.Control;
using Fleet.Control.Reconciling;
using Fleet.Observability.Backfill;
using Fleet.Observability.Collection.Agents;
using Fleet.Observability.Focus;
using Fleet.Observability.Kubelets;
using Fleet.Observability.Ledger;
using Fleet.Observability.Metrics;

namespace Fleet.Observability.Collection;

/// <summary>What collects costs, and what keeps them.</summary>
internal static class CollectionServices
{
    public static IServiceCollection AddCollection(this IServiceCollection services, CollectionOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<LedgerConnections>();
        services.AddSingleton<LedgerPartitions>();
        services.AddSingleton<LedgerWriter>();
        services.AddSingleton<LedgerReader>();
        services.AddFocus();
        services.AddSingleton<BalanceMetrics>();
        services.AddSingleton<PodMetricsReader>();
        services.AddSingleton<KubeletReader>();
        services.AddSingleton<ClusterLooker>();
        services.AddSingleton<AgentLooks>();
        services.AddSingleton<PriceSheets>();
        services.AddSingleton<CollectionTrigger>();
        services.AddHostedService<LedgerKeeper>();
        services.AddSingleton<BackfillQueue>();
        services.AddHostedService<BackfillService>();
        return services.AddController<CollectionReconciler>(s => new ControllerOptions
        {
            Name = "collection",
            Concurrency = 32,
            Triggers = [s.GetRequiredService<CollectionTrigger>()],
        });
    }
}

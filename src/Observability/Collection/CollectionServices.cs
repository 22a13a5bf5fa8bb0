using Fleet.Control;
using Fleet.Control.Grains;
using Fleet.Control.Ownership;
using Fleet.Control.Reconciling;
using Fleet.Kubernetes.Objects;
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
    public const string Controller = "collection";

    /// <summary>In which a cluster is looked at.</summary>
    public static GrainId GrainOf(ObjectKey cluster) => GrainId.OfCollection(cluster);

    public static IServiceCollection AddCollection(this IServiceCollection services, CollectionOptions options)
    {
        services.AddSingleton(options);
        // Before the controller: what is registered first stops last.
        services.AddHostedService<CollectionEnd>();
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
        services.AddSingleton<StoredLooks>();
        services.AddSingleton<LookDesk>();
        services.AddSingleton<PriceSheets>();
        services.AddSingleton<CollectionTrigger>();
        services.AddOwnedHostedService(Singletons.Retention, (s, owner) => ActivatorUtilities.CreateInstance<LedgerKeeper>(s, owner));
        services.AddSingleton<BackfillQueue>();
        services.AddHostedService<BackfillService>();
        return services.AddController<CollectionReconciler>(s => new ControllerOptions
        {
            Name = Controller,
            GrainOf = GrainOf,
            Concurrency = 32,
            Triggers = [s.GetRequiredService<CollectionTrigger>()],
        });
    }
}

using Fleet.Control;
using Fleet.Control.Grains;
using Fleet.Control.Reconciling;
using Fleet.Control.Watching;
using Fleet.Rest.Databases;
using Fleet.StateManager.Compliance.Collection;
using Fleet.StateManager.Compliance.Exceptions;
using Fleet.StateManager.Compliance.Storage;
using Fleet.StateManager.MultiClusterServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Fleet.StateManager.Compliance;

internal static class ComplianceServices
{
    public static IServiceCollection AddCompliance(this IServiceCollection services, ComplianceOptions options)
    {
        services.TryAddSingleton(options);
        services.AddSingleton<ComplianceMetrics>();
        services.AddSingleton<ComplianceBook>();
        services.AddSingleton<ComplianceExceptions>();
        services.AddSingleton<ComplianceExceptionTrigger>();
        services.AddSingleton<ComplianceEvents>();
        services.AddSingleton<ClusterRecording>();
        services.AddStore(options);
        services.AddHostedService<ComplianceRecorder>();
        services.AddController<ComplianceReconciler>(s => new ControllerOptions
        {
            Name = "compliance",
            // A turn of the cluster's grain may have to wait for Helm, at no cost; others must not wait for that.
            Concurrency = 4096,
            Timeout = TimeSpan.FromHours(1),
            GrainOf = GrainId.OfCluster,
            Triggers = [new InformerTrigger<ClusterDeployment, SelectableCluster>(s.GetRequiredService<PlacementWatches>().Clusters, change => [change.Key])],
        });
        return services.AddController<ComplianceExceptionReconciler>(s => new ControllerOptions
        {
            Name = "complianceexception",
            Triggers =
            [
                new InformerTrigger<ComplianceException, ExceptionRow>(s.GetRequiredService<ComplianceExceptions>().Informer, change => [change.Key]),
                s.GetRequiredService<ComplianceExceptionTrigger>(),
            ],
        });
    }

    private static void AddStore(this IServiceCollection services, ComplianceOptions options)
    {
        if (options.Database is not { } database)
        {
            services.TryAddSingleton<IComplianceStore, LoggedCompliance>();
            return;
        }
        services.AddDbContextFactory<ComplianceContext>(context => context.UseNpgsql(database, npgsql => npgsql.MigrationsHistoryTable(ComplianceContext.MigrationsTable)));
        services.TryAddSingleton<MigratedContexts<ComplianceContext>>();
        services.TryAddSingleton<IComplianceStore, PostgresCompliance>();
        services.TryAddSingleton<ComplianceQueries>();
    }
}

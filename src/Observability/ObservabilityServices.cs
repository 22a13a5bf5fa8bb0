using Fleet.Control.Ownership;
using Fleet.Observability.Alerts;
using Fleet.Observability.Budgets;
using Fleet.Observability.Collection;
using Fleet.Observability.Days;
using Fleet.Observability.Events;
using Fleet.Observability.Focus.Exports;
using Fleet.Observability.History;
using Fleet.Observability.Ingest;
using Fleet.Observability.Ingest.Records;
using Fleet.Observability.Query;
using Fleet.Observability.Query.Prometheus;
using Fleet.Observability.Recommendations;
using Fleet.Observability.Telemetry;
using Fleet.Rest;
using Fleet.Rest.Databases;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Fleet.Observability;

/// <summary>The service's table of contents. An <c>IKubernetesClient</c> of the management API must be registered.</summary>
public static class ObservabilityServices
{
    /// <param name="connectionString">PostgreSQL; it holds a password, so it is never logged.</param>
    /// <param name="ingest">Where samples go; null when there is no metrics store, and then none are taken.</param>
    /// <param name="metrics">Where they are asked for; null when they cannot be.</param>
    /// <param name="alerts">How alerts are evaluated and told; null for the usual.</param>
    /// <param name="records">Where logs and traces go that are not kept in PostgreSQL; null: all are.</param>
    /// <param name="collection">The pace at which costs are collected; null for the usual.</param>
    public static IServiceCollection AddObservability(
        this IServiceCollection services, string connectionString, IngestOptions? ingest = null, MetricsQueryOptions? metrics = null, AlertOptions? alerts = null,
        CollectionOptions? collection = null, RecordTargets? records = null)
    {
        services.AddDbContextFactory<HistoryContext>(options => options.UseNpgsql(connectionString));
        services.AddSingleton<MigratedContexts<HistoryContext>>();
        services.AddSingleton<EventStore>();
        services.AddOwnedHostedService<EventArchive>(Singletons.Events);
        services.TryAddSingleton<ApiMetrics>();
        services.AddTelemetryTokens();
        // Before the records: its limits are for both.
        if (ingest is not null)
            services.AddIngest(ingest);
        services.AddRecords(new() { ConnectionString = connectionString }, records);
        services.AddTelemetryQueries(metrics);
        services.AddCollection(collection ?? new());
        services.AddSingleton<CostFigures>();
        services.AddOwnedHostedService<CostMetrics>(Singletons.CostMetrics);
        services.AddAlerts(alerts ?? new());
        services.AddCostExports();
        services.AddRecommendations(new(), connectionString);
        services.AddBudgets(new DayOptions());
        return services;
    }
}

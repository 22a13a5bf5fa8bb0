using Fleet.Observability.Query.Prometheus;
using Fleet.Observability.Query.Records;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Fleet.Observability.Query;

/// <summary>Reading of telemetry. Needs <c>AddRecords</c> and <c>AddTelemetryTokens</c>.</summary>
internal static class QueryServices
{
    /// <param name="metrics">Null: the store of metrics cannot be asked.</param>
    public static IServiceCollection AddTelemetryQueries(this IServiceCollection services, MetricsQueryOptions? metrics = null)
    {
        if (metrics is not null)
        {
            services.AddSingleton(metrics);
            services.AddSingleton(s => new MetricsQueries(s.GetRequiredService<MetricsQueryOptions>()));
        }
        services.TryAddSingleton<TelemetryAccess>();
        services.TryAddSingleton<TelemetryCall>();
        services.AddSingleton<RecordReader>();
        services.AddSingleton<RelatedReader>();
        return services;
    }

    /// <summary>What was not registered is not served.</summary>
    public static IEndpointRouteBuilder MapTelemetryQueries(this IEndpointRouteBuilder endpoints)
    {
        if (endpoints.ServiceProvider.GetService<RecordReader>() is not null)
            endpoints.MapRecordQueries();
        return endpoints.ServiceProvider.GetService<MetricsQueries>() is null ? endpoints : endpoints.MapPrometheusQueries();
    }
}

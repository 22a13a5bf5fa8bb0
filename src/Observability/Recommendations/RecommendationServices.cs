using Fleet.Observability.Collection;
using Fleet.Observability.Recommendations.Api;
using Fleet.Observability.Recommendations.Applying;
using Fleet.Observability.Recommendations.Storage;
using Fleet.Observability.Recommendations.Usage;
using Fleet.Rest;
using Fleet.Rest.Audit;

namespace Fleet.Observability.Recommendations;

/// <summary>Advice about what could cost less. Needs what collects costs.</summary>
internal static class RecommendationServices
{
    /// <param name="connectionString">PostgreSQL, where decisions are audited when no other service of the process does.</param>
    public static IServiceCollection AddRecommendations(this IServiceCollection services, RecommendationOptions options, string connectionString)
    {
        services.AddSingleton(options);
        services.AddSingleton<RecommendationStore>();
        services.AddSingleton<OpenSavings>();
        services.AddSingleton<UsageHistory>();
        services.AddSingleton<TrafficHistory>();
        services.AddSingleton<ApplyPlanner>();
        services.AddSingleton<ILookObserver, RecommendationObserver>();
        return services.AddRestApi(new(), new AuditOptions { Database = connectionString }, RecommendationJson.Default);
    }
}

using Fleet.ClusterManager.Upgrades;
using Fleet.ClusterManager.Watching;
using Fleet.Rest;
using Fleet.Rest.Audit;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Fleet.ClusterManager.Api;

/// <summary>The admin REST API of the ClusterManager: its table of contents. Errors are problem+json.</summary>
public static class AdminApi
{
    /// <summary>Needs an <c>IKubernetesClient</c> of the management cluster.</summary>
    public static IServiceCollection AddAdminApi(this IServiceCollection services, AdminApiOptions options, AuditOptions audit)
    {
        services.AddRestApi(options, audit, ApiJson.Default);
        foreach (var kind in AdminKinds.Watched)
            services.AddSingleton(kind);
        services.TryAddSingleton<ClusterWatches>();
        return services;
    }

    public static IEndpointRouteBuilder MapClusterManagerApi(this IEndpointRouteBuilder endpoints) => endpoints.MapRestApi(api =>
    {
        api.MapLists();
        api.MapCredentials();
        api.MapClusterWrites();
        api.MapPlan();
        api.MapClusterParts();
        api.MapKubeconfigs();
        api.MapBackups();
    });
}

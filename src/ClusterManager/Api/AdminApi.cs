using Fleet.ClusterManager.Api.Lists;
using Fleet.ClusterManager.Api.OpenApi;
using Fleet.ClusterManager.Api.Problems;
using Fleet.ClusterManager.Api.Requests;
using Fleet.ClusterManager.Api.Streams;
using Fleet.ClusterManager.Audit;
using Fleet.ClusterManager.Metrics;
using Fleet.ClusterManager.Upgrades;
using Fleet.ClusterManager.Watching;
using Fleet.Control;
using Fleet.Control.Kinds;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Fleet.ClusterManager.Api;

/// <summary>The admin REST API of the ClusterManager: its table of contents. Errors are problem+json.</summary>
public static class AdminApi
{
    public const string Root = "/api/v1";

    /// <summary>Needs an <c>IKubernetesClient</c> of the management cluster.</summary>
    public static IServiceCollection AddAdminApi(this IServiceCollection services, AdminApiOptions options, AuditOptions audit)
    {
        services.AddControl();
        services.AddAudit(audit);
        services.TryAddSingleton(options);
        services.TryAddSingleton(SystemNamespaces.Default);
        services.TryAddSingleton<ApiMetrics>();
        services.TryAddSingleton<CallLimits>();
        services.TryAddSingleton<KindListing>();
        services.TryAddSingleton<ManagedClusters>();
        services.TryAddSingleton<StreamParts>();
        services.TryAddSingleton<ClusterWatches>();
        return services.AddApiDocument();
    }

    /// <summary><c>/api/v1</c>. Callers are known by their bearer token, and may do what RBAC of the management API lets them.</summary>
    public static IEndpointRouteBuilder MapClusterManagerApi(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup(Root).AddEndpointFilter<ApiCallFilter>();
        group.MapLists();
        group.MapCredentials();
        group.MapClusterWrites();
        group.MapPlan();
        group.MapClusterParts();
        group.MapKubeconfigs();
        group.MapWatch();
        group.MapAudit();
        group.MapFallback("{**path}", IResult (HttpContext http, CancellationToken _) =>
                throw new ProblemException(ProblemKind.NotFound, $"there is no {http.Request.Method} {http.Request.Path}; see {ApiDocument.Path}"))
            .ExcludeFromDescription();
        endpoints.MapApiDocument();
        return endpoints;
    }
}

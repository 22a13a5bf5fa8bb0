using System.Text.Json;
using Fleet.Contracts.Api;
using Fleet.Control.Kinds;
using Fleet.Rest;
using Fleet.Rest.Audit;
using Fleet.Rest.Lists;
using Fleet.StateManager.Previews;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Fleet.StateManager.Api;

/// <summary>The part of the admin REST API that StateManager serves: its table of contents.</summary>
public static class ServiceApi
{
    /// <summary>What <c>/api/v1/watch</c> follows of it.</summary>
    private static ApiKind<ServiceSetView> Watched { get; } = new(
        "service-sets", FleetKinds.ServiceSets.Kind,
        item => ServiceViewsFrom.Set(item.Root.Deserialize(FleetKindsJson.Default.ServiceSet)!), ServiceApiJson.Default.ServiceSetView, ServiceApiJson.Default.PageServiceSetView);

    internal static IServiceCollection AddServiceApi(this IServiceCollection services, AdminApiOptions options, AuditOptions audit)
    {
        services.AddRestApi(options, audit, ServiceApiJson.Default);
        services.AddSingleton<ApiKind>(Watched);
        services.TryAddSingleton<ServiceRows>();
        services.TryAddSingleton<ServiceReleases>();
        services.TryAddSingleton<ServicePlans>();
        services.TryAddSingleton<PreviewWorlds>();
        services.TryAddSingleton<ReleasePreviews>();
        services.TryAddSingleton<ServiceDiffs>();
        return services;
    }

    /// <summary><c>/api/v1/services</c>. In a process with the ClusterManager it is one API with its.</summary>
    public static IEndpointRouteBuilder MapStateManagerApi(this IEndpointRouteBuilder endpoints) => endpoints.MapRestApi(api =>
    {
        api.MapServiceList();
        api.MapServicePlan();
        api.MapServiceDiff();
        api.MapServiceReads();
        api.MapServiceWrites();
        api.MapCompliance();
    });
}

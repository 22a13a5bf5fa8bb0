using System.Text.Json.Serialization.Metadata;
using Fleet.Control;
using Fleet.Control.Kinds;
using Fleet.Rest.About;
using Fleet.Rest.Audit;
using Fleet.Rest.Lists;
using Fleet.Rest.OpenApi;
using Fleet.Rest.Problems;
using Fleet.Rest.Requests;
using Fleet.Rest.SignIn;
using Fleet.Rest.Streams;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Fleet.Rest;

/// <summary>What the REST APIs of the services share. Several services in one process are one API with one document, one audit and one set of limits.</summary>
public static class RestApi
{
    public const string Root = "/api/v1";

    /// <summary>Needs an <c>IKubernetesClient</c> of the management cluster. The first service in a process decides about options and audit.</summary>
    /// <param name="views">JSON of what the service answers.</param>
    public static IServiceCollection AddRestApi(this IServiceCollection services, AdminApiOptions options, AuditOptions audit, IJsonTypeInfoResolver views)
    {
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, views));
        if (services.Any(service => service.ServiceType == typeof(SharedParts)))
            return services;
        services.AddSingleton<SharedParts>();
        services.AddControl();
        services.AddAudit(audit);
        services.AddSingleton<IStartupFilter, SecurityHeaders>();
        services.TryAddSingleton(options);
        services.TryAddSingleton(SystemNamespaces.Default);
        services.TryAddSingleton<ApiMetrics>();
        services.TryAddSingleton<CallLimits>();
        services.AddPendingSignIns(audit.Database);
        services.TryAddSingleton<KindListing>();
        services.TryAddSingleton<ManagedClusters>();
        services.TryAddSingleton<StreamParts>();
        return services.AddApiDocument();
    }

    /// <summary>
    /// Endpoints below <see cref="Root"/>. Callers are known by their bearer token, and may do what RBAC of the management API lets them. What the services
    /// share (audit, stream of changes, document, the answer to paths that do not exist) is mapped once.
    /// </summary>
    public static IEndpointRouteBuilder MapRestApi(this IEndpointRouteBuilder endpoints, Action<IEndpointRouteBuilder> map)
    {
        var group = endpoints.MapGroup(Root).AddEndpointFilter<ApiCallFilter>();
        map(group);
        if (!endpoints.ServiceProvider.GetRequiredService<SharedParts>().TakeTurn())
            return endpoints;
        group.MapAudit();
        group.MapWatch();
        group.MapAbout();
        group.MapWhoami();
        endpoints.MapSignIn();
        group.MapFallback("{**path}", IResult (HttpContext http, CancellationToken _) =>
                throw new ProblemException(ProblemKind.NotFound, $"there is no {http.Request.Method} {http.Request.Path}; see {ApiDocument.Path}"))
            .ExcludeFromDescription();
        endpoints.MapApiDocument();
        return endpoints;
    }

    /// <summary>For endpoints that ask who calls by themselves, below any path: limits, audit and metrics as of all others.</summary>
    public static IEndpointRouteBuilder Guarded(this IEndpointRouteBuilder endpoints) => endpoints.MapGroup("").AddEndpointFilter<CallDuration>().AddEndpointFilter<CallGuard>();

    /// <summary>Said of an endpoint in <see cref="Guarded"/> that changes something.</summary>
    public static TBuilder Changes<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new ChangesSomething());

    private sealed class SharedParts
    {
        private int taken;

        /// <summary>True once.</summary>
        public bool TakeTurn() => Interlocked.Exchange(ref taken, 1) == 0;
    }
}

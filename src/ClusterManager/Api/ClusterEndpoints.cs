using Fleet.ClusterManager.Upgrades;
using Fleet.Control.Access;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Api;

/// <summary>REST API of the ClusterManager; errors are problem+json.</summary>
public static class ClusterEndpoints
{
    /// <summary><c>/api/v1/clusters</c>. Callers are known by their bearer token, and may see what RBAC of the management API lets them.</summary>
    public static IEndpointRouteBuilder MapClusterManagerApi(this IEndpointRouteBuilder endpoints)
    {
        var clusters = endpoints.MapGroup("/api/v1/clusters").WithTags("clusters");
        clusters.MapGet("/", (string? @namespace, HttpRequest request, IKubernetesClient client, CancellationToken ct) =>
                CallerResults.AnswerAsync(request, "list", FleetKinds.ClusterDeployments.Kind, @namespace ?? "", null, () => ListAsync(client, @namespace, ct), ct))
            .WithSummary("Clusters, in one namespace or in all");
        clusters.MapGet("/{namespace}/{name}", (string @namespace, string name, HttpRequest request, IKubernetesClient client, CancellationToken ct) =>
                CallerResults.AnswerAsync(request, "get", FleetKinds.ClusterDeployments.Kind, @namespace, name, () => GetAsync(client, new(@namespace, name), ct), ct))
            .WithSummary("One cluster with its conditions and services");
        clusters.MapPlan();
        return endpoints;
    }

    private static async Task<IResult> ListAsync(IKubernetesClient client, string? @namespace, CancellationToken ct)
    {
        var list = await client.Resource(FleetKinds.ClusterDeployments).ListAsync(new() { Namespace = @namespace }, ct);
        return Results.Json(new ClusterListResponse([.. list.Items.Select(ClusterResponse.Of)]), ApiJson.Default.ClusterListResponse);
    }

    private static async Task<IResult> GetAsync(IKubernetesClient client, ObjectKey key, CancellationToken ct) =>
        await client.Resource(FleetKinds.ClusterDeployments).GetAsync(key, ct) is { } cluster
            ? Results.Json(ClusterResponse.Of(cluster), ApiJson.Default.ClusterResponse)
            : CallerResults.Problem(StatusCodes.Status404NotFound, $"there is no cluster {key}");
}

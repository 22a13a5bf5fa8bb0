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
                AsCallerAsync(request, "list", @namespace ?? "", null, () => ListAsync(client, @namespace, ct), ct))
            .WithSummary("Clusters, in one namespace or in all");
        clusters.MapGet("/{namespace}/{name}", (string @namespace, string name, HttpRequest request, IKubernetesClient client, CancellationToken ct) =>
                AsCallerAsync(request, "get", @namespace, name, () => GetAsync(client, new(@namespace, name), ct), ct))
            .WithSummary("One cluster with its conditions and services");
        return endpoints;
    }

    private static async Task<IResult> AsCallerAsync(
        HttpRequest request, string verb, string @namespace, string? name, Func<Task<IResult>> answer, CancellationToken ct)
    {
        try
        {
            var access = new CallerAccess(request.HttpContext.RequestServices.GetRequiredService<IKubernetesClient>());
            if (await access.WhoAsync(request, ct) is not { } user)
            {
                request.HttpContext.Response.Headers.WWWAuthenticate = "Bearer";
                return Problem(StatusCodes.Status401Unauthorized, "a bearer token of the management API is needed");
            }
            if (!await access.MayAsync(user, verb, @namespace, name, ct))
                return Problem(
                    StatusCodes.Status403Forbidden,
                    $"{(string?)user["username"]} may not {verb} clusterdeployments{(@namespace.Length > 0 ? $" in namespace {@namespace}" : "")}");
            return await answer();
        }
        catch (KubeApiException e)
        {
            return Problem(e.IsTransient ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status502BadGateway, $"management API: {e.Message}");
        }
    }

    private static async Task<IResult> ListAsync(IKubernetesClient client, string? @namespace, CancellationToken ct)
    {
        var list = await client.Resource(FleetKinds.ClusterDeployments).ListAsync(new() { Namespace = @namespace }, ct);
        return Results.Json(new ClusterListResponse([.. list.Items.Select(ClusterResponse.Of)]), ApiJson.Default.ClusterListResponse);
    }

    private static async Task<IResult> GetAsync(IKubernetesClient client, ObjectKey key, CancellationToken ct) =>
        await client.Resource(FleetKinds.ClusterDeployments).GetAsync(key, ct) is { } cluster
            ? Results.Json(ClusterResponse.Of(cluster), ApiJson.Default.ClusterResponse)
            : Problem(StatusCodes.Status404NotFound, $"there is no cluster {key}");

    private static IResult Problem(int status, string detail) => Results.Problem(detail, statusCode: status);
}

using System.Text.Json;
using Fleet.Contracts;
using Fleet.Contracts.Upgrades;
using Fleet.Control.Access;
using Fleet.Control.Kinds;
using Fleet.Helm.Errors;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Upgrades;

/// <summary>
/// <c>POST /api/v1/clusters/{namespace}/{name}/plan</c>: what a change would do. It writes nothing, so whoever may get a ClusterDeployment may plan; it
/// is a POST because values do not belong into URLs.
/// </summary>
internal static class PlanEndpoint
{
    /// <summary>The API server takes no larger objects either.</summary>
    private const int LargestRequest = 1024 * 1024;

    public static void MapPlan(this IEndpointRouteBuilder clusters) =>
        clusters.MapPost("/{namespace}/{name}/plan", (string @namespace, string name, HttpRequest request, ClusterPlans plans, CancellationToken ct) =>
                CallerResults.AnswerAsync(request, "get", FleetKinds.ClusterDeployments.Kind, @namespace, name, () => PlanAsync(plans, new(@namespace, name), request, ct), ct))
            .WithSummary("What a change of template or config would do; nothing is written")
            .Accepts<ClusterPlanRequest>("application/json")
            .Produces<ClusterUpgradePlan>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> PlanAsync(ClusterPlans plans, ObjectKey key, HttpRequest request, CancellationToken ct)
    {
        if (request.ContentLength is null or > LargestRequest)
            return CallerResults.Problem(StatusCodes.Status413PayloadTooLarge, $"a body of at most {LargestRequest} bytes, with its length, is needed");
        try
        {
            var change = request.ContentLength == 0
                ? new()
                : await JsonSerializer.DeserializeAsync(request.Body, ContractsJson.Default.ClusterPlanRequest, ct) ?? new();
            return await plans.PlanAsync(key, change, ct) is { } plan
                ? Results.Json(plan, ContractsJson.Default.ClusterUpgradePlan)
                : CallerResults.Problem(StatusCodes.Status404NotFound, $"there is no cluster {key}");
        }
        catch (JsonException e)
        {
            return CallerResults.Problem(StatusCodes.Status400BadRequest, $"the body is not a plan request: {e.Message}");
        }
        catch (HelmException e)
        {
            return CallerResults.Problem(e.IsTransient ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status502BadGateway, e.Message);
        }
    }
}

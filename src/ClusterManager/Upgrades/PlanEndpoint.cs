using Fleet.Contracts;
using Fleet.Contracts.Upgrades;
using Fleet.Control.Kinds;
using Fleet.Helm.Errors;
using Fleet.Kubernetes.Objects;
using Fleet.Rest;
using Fleet.Rest.Problems;
using Fleet.Rest.Requests;

namespace Fleet.ClusterManager.Upgrades;

/// <summary>
/// <c>POST /api/v1/clusters/{namespace}/{name}/plan</c>: what a change would do. It writes nothing, so whoever may get a ClusterDeployment may plan; it
/// is a POST because values do not belong into URLs.
/// </summary>
internal static class PlanEndpoint
{
    public static void MapPlan(this IEndpointRouteBuilder api) =>
        api.MapPost("/clusters/{namespace}/{name}/plan", (string @namespace, string name, HttpContext http, CancellationToken ct) =>
                PlanAsync(http, PathNames.Key(@namespace, name), ct))
            .Describe<ClusterUpgradePlan>("planCluster", "What a change of template or config would do; nothing is written", null, 404)
            .Takes<ClusterPlanRequest>().WithTags("plans");

    private static async Task<IResult> PlanAsync(HttpContext http, ObjectKey key, CancellationToken ct)
    {
        QueryReader.Read(http);
        // Without a body: what the present spec would do.
        var change = http.Request.ContentLength == 0 ? new() : await RequestBody.ReadAsync(http, ContractsJson.Default.ClusterPlanRequest, ct);
        await ApiCall.Of(http).RequireAsync(new("get", FleetKinds.ClusterDeployments.Kind, key.Namespace, key.Name), ct);
        try
        {
            return await http.RequestServices.GetRequiredService<ClusterPlans>().PlanAsync(key, change, ct) is { } plan
                ? Results.Json(plan, ContractsJson.Default.ClusterUpgradePlan)
                : throw new ProblemException(ProblemKind.NotFound, $"there is no cluster {key}");
        }
        catch (HelmException e)
        {
            throw new ProblemException(e.IsTransient ? ProblemKind.HelmUnavailable : ProblemKind.Helm, e.Message);
        }
    }
}

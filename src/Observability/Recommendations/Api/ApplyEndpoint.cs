using System.Text.Json.Serialization;
using Fleet.Control.Access;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Yaml;
using Fleet.Observability.Recommendations.Applying;
using Fleet.Observability.Recommendations.Storage;
using Fleet.Rest;
using Fleet.Rest.Requests;

namespace Fleet.Observability.Recommendations.Api;

/// <summary>What following a recommendation does, or would do.</summary>
public sealed record ApplyView
{
    /// <summary>Whether it was done.</summary>
    public required bool Applied { get; init; }

    /// <summary>Whether it can be done through the fleet.</summary>
    public required bool Applyable { get; init; }

    /// <summary>Why not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }

    /// <summary>The object whose service is changed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Object { get; init; }

    /// <summary>Where in the values of the service.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Path { get; init; }

    /// <summary>JSON patch of the object; where it can not be done through the fleet, a strategic merge patch of the workload, as YAML.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Patch { get; init; }
}

/// <summary>
/// Follows a recommendation through the fleet's own path: the values of the service that the workload is of. Needs what costs need, and <c>patch</c> on the object that declares the service;
/// audited as any write.
/// </summary>
internal static class ApplyEndpoint
{
    private static readonly QueryParameter DryRun = new("dryRun", QueryType.Boolean, "Only say what would be done.");

    public static void MapApply(this IEndpointRouteBuilder api) =>
        api.MapPost(RecommendationEndpoints.Path + "/{id}/apply", (string id, HttpContext http, ApplyPlanner planner, CancellationToken ct) => ApplyAsync(id, http, planner, ct))
            .Describe<ApplyView>("applyRecommendation", "Change the values of the service that it is about, when it is proven where; else say how to do it by hand", new([DryRun]), 404, 412, 422)
            .WithTags("recommendations");

    private static async Task<IResult> ApplyAsync(string id, HttpContext http, ApplyPlanner planner, CancellationToken ct)
    {
        var dryRun = QueryReader.Read(http).Boolean("dryRun") == true;
        var call = ApiCall.Of(http);
        var found = await DecisionEndpoints.FindAsync(id, http, ct);
        await call.RequireAsync(VisibleClusters.Question("patch", found.Cluster.Split('/')[0], found.Cluster.Split('/')[1]), ct);
        var plan = await planner.PlanAsync(found, ct);
        if (plan.Service is not { } service)
            return Answer(new() { Applied = false, Applyable = false, Reason = plan.Reason, Patch = plan.Workload is { } patch ? KubernetesYaml.Write(patch) : null });
        var question = new AccessQuestion("patch", service.Kind, service.Object.Key.Namespace, service.Object.Key.Name);
        await call.RequireAsync(question, ct);
        await call.WriteAsync(question, service.Object.Root, dryRun, async () =>
        {
            var after = await DecisionEndpoints.Part<IKubernetesClient>(http).Dynamic(service.Kind).PatchAsync(
                service.Object.Key, Patch.Json(plan.Patch()), new() { FieldManager = ObjectWrites.FieldManager, DryRun = dryRun }, CancellationToken.None);
            return (after, after.Root);
        }, ct);
        if (!dryRun)
            await NoteAsync(http, found, call.Caller.Name, service);
        return Answer(new() { Applied = !dryRun, Applyable = true, Object = $"{service.Kind.Kind} {service.Object.Key}", Path = string.Join('.', plan.Path), Patch = plan.Patch().ToJsonString() });
    }

    /// <summary>The change is made; that it was is told with the recommendation as long as the database takes it.</summary>
    private static Task NoteAsync(HttpContext http, StoredRecommendation found, string by, DeclaredService service) => RecommendationEndpoints.AskAsync(async () =>
    {
        var now = DecisionEndpoints.Part<TimeProvider>(http).GetUtcNow();
        await DecisionEndpoints.Part<RecommendationStore>(http).DecideAsync(found.Id, new(RecommendationStates.Applied, null, service.ToString(), by, now), CancellationToken.None);
        return true;
    });

    private static IResult Answer(ApplyView view) => Results.Json(view, RecommendationJson.Default.ApplyView);
}

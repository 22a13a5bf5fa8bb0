using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Fleet.Control.Access;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Yaml;
using Fleet.Observability.Recommendations.Applying;
using Fleet.Observability.Recommendations.Storage;
using Fleet.Rest;
using Fleet.Rest.Problems;
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

    /// <summary>Of what is declared in the object that the preview is of: given as <c>If-Match</c>, the change is made only while nobody has declared anything else.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Generation { get; init; }

    /// <summary>JSON patch of the object; where it can not be done through the fleet, a strategic merge patch of the workload, or the object that makes its nights, as YAML.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Patch { get; init; }
}

/// <summary>
/// Follows a recommendation through the fleet's own path: the values of the service that the workload is of, or the number of workers of the cluster. Needs what costs need, and <c>patch</c> on the
/// object that is changed; audited as any write.
/// </summary>
internal static class ApplyEndpoint
{
    private static readonly QueryParameter DryRun = new("dryRun", QueryType.Boolean, "Only say what would be done.");

    public static void MapApply(this IEndpointRouteBuilder api) =>
        api.MapPost(RecommendationEndpoints.Path + "/{id}/apply", (string id, HttpContext http, ApplyPlanner planner, CancellationToken ct) => ApplyAsync(id, http, planner, ct))
            .Describe<ApplyView>("applyRecommendation", "Change the values of the service that it is about, or the workers of its cluster, when it is proven where; else say how to do it by hand", new([DryRun]), 404, 412, 422)
            .Conditional()
            .WithTags("recommendations");

    private static async Task<IResult> ApplyAsync(string id, HttpContext http, ApplyPlanner planner, CancellationToken ct)
    {
        var dryRun = QueryReader.Read(http).Boolean("dryRun") == true;
        var call = ApiCall.Of(http);
        var found = await DecisionEndpoints.FindAsync(id, http, ct);
        await call.RequireAsync(VisibleClusters.Question("patch", found.Cluster.Split('/')[0], found.Cluster.Split('/')[1]), ct);
        var plan = await planner.PlanAsync(found, ct);
        if (plan.Target is not { } target)
            return Answer(new() { Applied = false, Applyable = false, Reason = plan.Reason, Patch = plan.Workload is { } patch ? KubernetesYaml.Write(patch) : null });
        var question = new AccessQuestion("patch", target.Kind, target.Object.Key.Namespace, target.Object.Key.Name);
        await call.RequireAsync(question, ct);
        RequireGeneration(target.Object, ETags.Wanted(http.Request, required: false));
        var management = DecisionEndpoints.Part<IKubernetesClient>(http);
        if (plan.Nodes is { } nodes)
            await MarkAsync(call, management, plan.MachineKind!, nodes, dryRun, ct);
        try
        {
            await call.WriteAsync(question, target.Object.Root, dryRun, async () =>
            {
                var after = await PatchAsync(management, target.Kind, target.Object, plan, dryRun);
                return (after, after.Root);
            }, ct);
        }
        catch (Exception) when (plan.Nodes is not null && !dryRun)
        {
            // A mark that is left would choose this machine at the next change of the number, whoever makes it.
            await management.Dynamic(plan.MachineKind!).PatchAsync(plan.Nodes.Machine.Key, Patch.Merge(plan.Nodes.Mark(null)), new() { FieldManager = ObjectWrites.FieldManager }, CancellationToken.None);
            throw;
        }
        if (!dryRun)
            await NoteAsync(http, found, call.Caller.Name, plan.Description);
        return Answer(new()
        {
            Applied = !dryRun, Applyable = true, Object = $"{target.Kind.Kind} {target.Object.Key}", Path = string.Join('.', plan.Path), Patch = plan.Patch().ToJsonString(),
            Generation = dryRun ? target.Object.Metadata.Generation : null,
        });
    }

    /// <summary>The machine that is to go, before there is one too many.</summary>
    private static async Task MarkAsync(ApiCall call, IKubernetesClient management, ResourceKind kind, NodeScaling nodes, bool dryRun, CancellationToken ct)
    {
        var question = new AccessQuestion("patch", kind, nodes.Machine.Key.Namespace, nodes.Machine.Key.Name);
        await call.RequireAsync(question, ct);
        await call.WriteAsync(question, nodes.Machine.Root, dryRun, async () =>
        {
            var after = await management.Dynamic(kind).PatchAsync(
                nodes.Machine.Key, Patch.Merge(nodes.Mark("true")), new() { FieldManager = ObjectWrites.FieldManager, DryRun = dryRun }, CancellationToken.None);
            return (after, after.Root);
        }, ct);
    }

    /// <summary>Proving the place takes seconds. Whoever has declared something else in them was faster.</summary>
    private static async Task<DynamicObject> PatchAsync(IKubernetesClient management, ResourceKind kind, DynamicObject read, ApplyPlan plan, bool dryRun)
    {
        try
        {
            return await management.Dynamic(kind).PatchAsync(read.Key, Patch.Json(plan.Patch()), new() { FieldManager = ObjectWrites.FieldManager, DryRun = dryRun }, CancellationToken.None);
        }
        catch (KubeApiException e) when (e.IsInvalid)
        {
            if (await management.Dynamic(kind).GetAsync(read.Key, CancellationToken.None) is { } now)
                RequireGeneration(now, read.Metadata.Generation?.ToString(CultureInfo.InvariantCulture));
            throw;
        }
    }

    /// <summary>What was looked at in a preview is what is changed; else it says who was faster.</summary>
    internal static void RequireGeneration(DynamicObject item, string? wanted)
    {
        var present = item.Metadata.Generation?.ToString(CultureInfo.InvariantCulture);
        if (wanted is null || wanted == present)
            return;
        var last = (item.At("metadata", "managedFields") as JsonArray ?? []).OfType<JsonObject>()
            .Where(entry => (string?)entry["subresource"] is null or "").MaxBy(entry => (string?)entry["time"] ?? "", StringComparer.Ordinal);
        throw new ProblemException(
            ProblemKind.PreconditionFailed,
            $"{item.Key} has changed since the preview: it was at generation {wanted} and is at {present}"
            + (last is null ? "" : $", its spec or metadata last written by {(string?)last["manager"]} at {(string?)last["time"]}") + "; ask for a preview again");
    }

    /// <summary>The change is made; that it was is told with the recommendation as long as the database takes it.</summary>
    private static Task NoteAsync(HttpContext http, StoredRecommendation found, string by, string what) => RecommendationEndpoints.AskAsync(async () =>
    {
        var now = DecisionEndpoints.Part<TimeProvider>(http).GetUtcNow();
        await DecisionEndpoints.Part<RecommendationStore>(http).DecideAsync(found.Id, new(RecommendationStates.Applied, null, what, by, now), null, CancellationToken.None);
        return true;
    });

    private static IResult Answer(ApplyView view) => Results.Json(view, RecommendationJson.Default.ApplyView);
}

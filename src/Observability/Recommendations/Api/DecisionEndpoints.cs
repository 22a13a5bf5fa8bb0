using System.Text.Json.Nodes;
using Fleet.Observability.Recommendations.Storage;
using Fleet.Rest;
using Fleet.Rest.Problems;
using Fleet.Rest.Requests;

namespace Fleet.Observability.Recommendations.Api;

/// <summary>What people decide about recommendations. Needs <c>patch</c> on the virtual <c>clusterdeployments/costs</c>, since it is decided for everybody; audited.</summary>
internal static class DecisionEndpoints
{
    private const int LongestReason = 1024;

    /// <summary>Longer is dismissing.</summary>
    private static readonly TimeSpan LongestSnooze = TimeSpan.FromDays(366);

    public static void MapDecisions(this IEndpointRouteBuilder api)
    {
        Map(api, "dismiss", "dismissRecommendation", "Say why it is not to be followed; it is shown no more", Dismissed);
        Map(api, "snooze", "snoozeRecommendation", "Show it again later", Snoozed);
        Map(api, "reopen", "reopenRecommendation", "Take back what was decided", null);
    }

    private static void Map(IEndpointRouteBuilder api, string action, string operation, string summary, Func<DecisionRequest, string, DateTimeOffset, Decision>? decision)
    {
        var endpoint = api.MapPost($"{RecommendationEndpoints.Path}/{{id}}/{action}", (string id, HttpContext http, CancellationToken ct) => DecideAsync(id, http, decision, ct))
            .Describe<RecommendationView>(operation, summary, null, 404).Conditional().WithTags("recommendations");
        if (decision is not null)
            endpoint.Takes<DecisionRequest>();
    }

    /// <summary>The one that is shown, to whoever may see it. Others are not there.</summary>
    internal static async Task<StoredRecommendation> FindAsync(string id, HttpContext http, CancellationToken ct)
    {
        var (store, options, clock) = (Part<RecommendationStore>(http), Part<RecommendationOptions>(http), Part<TimeProvider>(http));
        var found = id.Length > 64 ? null : (await RecommendationEndpoints.AskAsync(() => store.ListAsync(clock.GetUtcNow() - options.Shown, id, ct))).SingleOrDefault();
        return found is not null && await new VisibleClusters(ApiCall.Of(http)).SeesAsync(found.Cluster, ct)
            ? found
            : throw new ProblemException(ProblemKind.NotFound, "there is no such recommendation, or it is about a cluster whose costs you may not see");
    }

    internal static T Part<T>(HttpContext http) where T : notnull => http.RequestServices.GetRequiredService<T>();

    private static async Task<IResult> DecideAsync(string id, HttpContext http, Func<DecisionRequest, string, DateTimeOffset, Decision>? decide, CancellationToken ct)
    {
        QueryReader.Read(http);
        var request = decide is null ? new() : await RequestBody.ReadAsync(http, RecommendationJson.Default.DecisionRequest, ct);
        var wanted = ETags.Wanted(http.Request, required: false);
        var (call, now) = (ApiCall.Of(http), Part<TimeProvider>(http).GetUtcNow());
        var found = await FindAsync(id, http, ct);
        var decision = decide?.Invoke(request, call.Caller.Name, now);
        var question = VisibleClusters.Question("patch", found.Cluster.Split('/')[0], found.Cluster.Split('/')[1]);
        await call.RequireAsync(question, ct);
        await call.WriteAsync(question, JsonOf(found.Decision), false, async () =>
        {
            if (!await RecommendationEndpoints.AskAsync(() => Part<RecommendationStore>(http).DecideAsync(id, decision, wanted, CancellationToken.None)))
                throw new ProblemException(ProblemKind.PreconditionFailed, $"somebody has decided about recommendation {id} since version {wanted}");
            return (true, JsonOf(decision));
        }, ct);
        return Results.Json(RecommendationEndpoints.View(found with { Decision = decision }, now), RecommendationJson.Default.RecommendationView);
    }

    private static Decision Dismissed(DecisionRequest request, string by, DateTimeOffset now) =>
        request.Until is not null ? throw ProblemException.Invalid("until", "is for snoozing; who dismisses does so until it is reopened")
        : new(RecommendationStates.Dismissed, null, Reason(request, isNeeded: true), by, now);

    private static Decision Snoozed(DecisionRequest request, string by, DateTimeOffset now) =>
        request.Until is { } until && until > now && until - now <= LongestSnooze
            ? new(RecommendationStates.Snoozed, until, Reason(request, isNeeded: false), by, now)
            : throw ProblemException.Invalid("until", "must be a time within the next year, for instance 2027-01-31T00:00:00Z");

    private static string Reason(DecisionRequest request, bool isNeeded) => request.Reason?.Trim() switch
    {
        null or "" when isNeeded => throw ProblemException.Invalid("reason", "say why, so that others need not ask"),
        { Length: > LongestReason } => throw ProblemException.Invalid("reason", $"may have {LongestReason} characters"),
        var reason => reason ?? "",
    };

    private static JsonObject? JsonOf(Decision? decision) => decision is null ? null : new() { ["state"] = decision.State, ["until"] = decision.Until, ["reason"] = decision.Reason };
}

using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Observability.Recommendations.Applying;
using Fleet.Observability.Recommendations.Storage;
using Fleet.Rest;
using Fleet.Rest.Lists;
using Fleet.Rest.Problems;
using Fleet.Rest.Requests;

namespace Fleet.Observability.Recommendations.Api;

/// <summary>Recommendations, and their sum, for whoever may see what the clusters cost.</summary>
public static class RecommendationEndpoints
{
    internal const string Path = "/recommendations";

    private const int UsualItems = 500;

    private static readonly string[] Filters = ["kind", "state", "cluster", "namespace"];

    private static readonly QueryParameters Parameters = new(
    [
        new("kind", QueryType.Text, "Only of these kinds.") { Among = RecommendationKinds.All },
        new("state", QueryType.Text, "Only in these states; open when absent.") { Among = RecommendationStates.All },
        new("cluster", QueryType.Text, "Only of this cluster, as NAMESPACE/NAME."),
        new("namespace", QueryType.Text, "Only in this namespace of the clusters.") { Longest = 63 },
        new("limit", QueryType.Integer, $"How many a page may hold; {UsualItems} when absent.") { Most = 1000 },
        new("continue", QueryType.Text, "From the page before."),
    ]);

    /// <summary>Recommendations and their sum; decisions about them.</summary>
    public static IEndpointRouteBuilder MapRecommendations(this IEndpointRouteBuilder endpoints) => endpoints.MapRestApi(api =>
    {
        api.MapGet(Path, (HttpContext http, RecommendationStore store, RecommendationOptions options, TimeProvider clock, CancellationToken ct) => ListAsync(http, store, options, clock, ct))
            .Describe<RecommendationPage>("listRecommendations", "What could cost less: requests, workloads, disks, load balancers, nodes, nights", Parameters).WithTags("recommendations");
        api.MapGet(Path + "/savings", (HttpContext http, RecommendationStore store, OpenSavings savings, CancellationToken ct) => SumAsync(http, store, savings, ct))
            .Describe<SavingsView>("sumRecommendations", "All open recommendations together, nothing counted twice", new([Parameters.All[2]])).WithTags("recommendations");
        api.MapDecisions();
        api.MapApply();
    });

    private static async Task<IResult> ListAsync(HttpContext http, RecommendationStore store, RecommendationOptions options, TimeProvider clock, CancellationToken ct)
    {
        var query = QueryReader.Read(http);
        var now = clock.GetUtcNow();
        var visible = new VisibleClusters(ApiCall.Of(http));
        var (all, advised) = await AskAsync(async () => (await store.ListAsync(now - options.Shown, null, ct), await store.ClustersAsync(ct)));
        var clusters = await visible.OfAsync(advised, cluster => cluster.Cluster, ct);
        var (kinds, states) = (query.Text("kind")?.Split(','), query.Text("state")?.Split(',') ?? [RecommendationStates.Open]);
        var filters = string.Join('\n', Filters.Select(name => query.Text(name) ?? ""));
        var after = query.Text("continue") is { } token ? ContinueToken.Read(token, filters) : null;
        var found = (await visible.OfAsync(all, one => one.Cluster, ct))
            .Where(one => (kinds?.Contains(one.Kind) ?? true) && states.Contains(one.StateAt(now))
                && (query.Text("cluster") ?? one.Cluster) == one.Cluster && (query.Text("namespace") ?? one.Namespace) == one.Namespace)
            .OrderBy(PlaceOf, StringComparer.Ordinal).SkipWhile(one => after is not null && string.CompareOrdinal(PlaceOf(one), after) <= 0).ToList();
        var limit = query.Integer("limit") ?? UsualItems;
        return Results.Json(
            new RecommendationPage
            {
                Items = [.. found.Take(limit).Select(one => View(one, now))],
                Continue = found.Count > limit ? ContinueToken.Write(PlaceOf(found[limit - 1]), filters) : null,
                Clusters =
                [
                    .. clusters.Where(cluster => (query.Text("cluster") ?? cluster.Cluster) == cluster.Cluster)
                        .Select(cluster => new AdvisedClusterView(cluster.Cluster, cluster.RefreshedAt, cluster.Problem.Length > 0 ? cluster.Problem : null, JsonNode.Parse(cluster.Outlook) as JsonObject ?? [])),
                ],
            },
            RecommendationJson.Default.RecommendationPage);
    }

    private static async Task<IResult> SumAsync(HttpContext http, RecommendationStore store, OpenSavings savings, CancellationToken ct)
    {
        var cluster = QueryReader.Read(http).Text("cluster");
        var advised = await new VisibleClusters(ApiCall.Of(http)).OfAsync(await AskAsync(() => store.ClustersAsync(ct)), one => one.Cluster, ct);
        var clusters = advised.Select(one => one.Cluster).Where(name => (cluster ?? name) == name).ToHashSet();
        return Results.Json(new SavingsView(await AskAsync(() => savings.OfAsync(clusters, ct))), RecommendationJson.Default.SavingsView);
    }

    internal static RecommendationView View(StoredRecommendation found, DateTimeOffset now)
    {
        var body = RecommendationBody.Read(found.Body);
        var state = found.StateAt(now);
        var decision = state == RecommendationStates.Open ? null : found.Decision;
        return new()
        {
            Id = found.Id,
            Kind = found.Kind,
            Cluster = found.Cluster,
            Namespace = found.Namespace,
            Object = new(body.ObjectKind, body.ObjectName, body.Container),
            Summary = body.Summary,
            Apply = ApplyWays.Of(found.Kind, body.ObjectKind),
            Current = body.Current,
            Recommended = body.Recommended,
            Evidence = body.Evidence,
            Savings = new(body.Saving.Cash, body.Saving.Freed, body.Saving.Currency),
            State = state,
            Until = decision?.Until,
            Reason = decision is { Reason.Length: > 0 } ? decision.Reason : null,
            By = decision?.By,
            ResourceVersion = found.Version,
            FoundAt = found.FoundAt,
            RefreshedAt = found.RefreshedAt,
        };
    }

    /// <summary>An empty list would say that there is nothing to save.</summary>
    internal static async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception e) when (e is DbException or TimeoutException or InvalidOperationException or JsonException)
        {
            throw new ProblemException(ProblemKind.HistoryUnavailable, "the database of recommendations does not answer");
        }
    }

    private static string PlaceOf(StoredRecommendation found) => $"{found.Cluster}/{found.Kind}/{found.Namespace}/{found.Id}";
}

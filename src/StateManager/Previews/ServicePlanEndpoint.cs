using Fleet.Contracts.Api;
using Fleet.Kubernetes.Objects;
using Fleet.Rest;
using Fleet.Rest.Lists;
using Fleet.Rest.Problems;
using Fleet.Rest.Requests;
using Fleet.StateManager.Api;

namespace Fleet.StateManager.Previews;

/// <summary><c>GET /api/v1/services/plan</c>: what StateManager would do now, cluster by cluster.</summary>
internal static class ServicePlanEndpoint
{
    private const int UsualClusters = 25;

    /// <summary>Each costs a connection of its own.</summary>
    private const int ClustersAtOnce = 4;

    private static readonly QueryParameters Parameters = new(
    [
        new("namespace", QueryType.Text, "Only clusters of this namespace.") { Longest = 63 },
        new("cluster", QueryType.Text, "Only this cluster.") { Longest = 253 },
        new("limit", QueryType.Integer, $"How many clusters a page may hold; {UsualClusters} when absent.") { Most = 100 },
        new("continue", QueryType.Text, "From the page before.") { Longest = 8192 },
    ]);

    public static void MapServicePlan(this IEndpointRouteBuilder api) =>
        api.MapGet("/services/plan", (HttpContext http, ServiceRows rows, ServicePlans plans, CancellationToken ct) => PlanAsync(http, rows, plans, ct))
            .Describe<Page<ClusterServicesPlanView>>(
                "planServices", "What would be installed, changed and removed now, by cluster; needs list on servicesets and get on servicesets/plan", Parameters).WithTags("services");

    private static async Task<IResult> PlanAsync(HttpContext http, ServiceRows rows, ServicePlans plans, CancellationToken ct)
    {
        var query = QueryReader.Read(http);
        var call = ApiCall.Of(http);
        var @namespace = query.Text("namespace") ?? "";
        if (@namespace.Length > 0 && !PathNames.IsNamespace(@namespace))
            throw ProblemException.Invalid("?namespace", "must be a name of a namespace");
        var everywhere = await ListAccess.MayListAsync(call, ServiceRows.Kind, @namespace, ct);
        var what = $"plan\n{@namespace}\n{query.Text("cluster")}";
        var after = query.Text("continue") is { } token ? ContinueToken.Read(token, what) : null;
        var limit = query.Integer("limit") ?? UsualClusters;
        var limited = false;
        var page = new List<ObjectKey>();
        string? next = null;
        foreach (var cluster in (await rows.AllAsync(ct)).Select(row => row.Cluster).Distinct().OrderBy(cluster => cluster.ToString(), StringComparer.Ordinal))
        {
            if ((@namespace.Length > 0 && cluster.Namespace != @namespace) || (query.Text("cluster") is { } name && cluster.Name != name)
                || (after is not null && string.CompareOrdinal(cluster.ToString(), after) <= 0))
                continue;
            if ((!everywhere && !await call.MayAsync(new("list", ServiceRows.Kind, cluster.Namespace), ct))
                || !await call.MayAsync(new("get", ServiceRows.Kind, cluster.Namespace, null, "plan"), ct))
            {
                limited = true;
                continue;
            }
            if (page.Count == limit)
            {
                next = page[^1].ToString();
                break;
            }
            page.Add(cluster);
        }
        if (page.Count == 0 && limited && @namespace.Length > 0)
            await call.RequireAsync(new("get", ServiceRows.Kind, @namespace, null, "plan"), ct);
        var views = new ClusterServicesPlanView[page.Count];
        await Parallel.ForAsync(0, page.Count, new ParallelOptions { MaxDegreeOfParallelism = ClustersAtOnce, CancellationToken = ct },
            async (i, stop) => views[i] = await plans.OfAsync(page[i], stop));
        return Results.Json(
            new Page<ClusterServicesPlanView> { Items = views, Continue = next is null ? null : ContinueToken.Write(next, what), LimitedByAccess = limited },
            ServiceApiJson.Default.PageClusterServicesPlanView);
    }
}

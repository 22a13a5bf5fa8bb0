using System.Text.Json.Serialization.Metadata;
using Fleet.Contracts.Api;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Rest;
using Fleet.Rest.Lists;
using Fleet.Rest.Problems;
using Fleet.Rest.Requests;
using Fleet.StateManager.Compliance;
using Fleet.StateManager.Compliance.Storage;

namespace Fleet.StateManager.Api;

/// <summary><c>/api/v1/compliance</c>. Whoever may see a cluster sees its report: the right is that on the ClusterDeployment.</summary>
internal static class ComplianceEndpoints
{
    private const string Root = "/compliance";
    private const int UsualItems = 100;
    private const int UsualDays = 30;
    private const int MostDays = 366;

    private static readonly string[] ResultNames = ["pass", "fail", "warn", "error", "skip", "excepted"];

    private static readonly QueryParameter Namespace = new("namespace", QueryType.Text, "Only clusters of this namespace.") { Longest = 63 };
    private static readonly QueryParameter Cluster = new("cluster", QueryType.Text, "Only this cluster.") { Longest = 253 };
    private static readonly QueryParameter Policy = new("policy", QueryType.Text, "Only this policy; KIND/NAME for a constraint of Gatekeeper.") { Longest = 320 };
    private static readonly QueryParameter TargetNamespace = new("targetNamespace", QueryType.Text, "Only this namespace in the clusters.") { Longest = 63 };
    private static readonly QueryParameter Result = new("result", QueryType.Text, "Only rows with one of these results, separated by commas.") { Among = ResultNames };
    private static readonly QueryParameter Limit = new("limit", QueryType.Integer, $"How many items a page may hold; {UsualItems} when absent.") { Most = 500 };
    private static readonly QueryParameter Continue = new("continue", QueryType.Text, "From the page before.") { Longest = 8192 };

    private static readonly QueryParameters RowParameters = new([Namespace, Cluster, Policy, TargetNamespace, Result, Limit, Continue]);

    private static readonly QueryParameters FindingParameters = new(
    [
        Policy, TargetNamespace,
        new("result", QueryType.Text, "Only findings with one of these results, separated by commas. What an exception covers is excepted, and nothing else.") { Among = ["fail", "warn", "error", "excepted"] },
        new("severity", QueryType.Text, "Only findings of this severity.") { Among = ["critical", "high", "medium", "low", "info"] },
        Limit, Continue,
    ]);

    private static readonly QueryParameters TrendParameters = new(
        [Namespace, Cluster, Policy, TargetNamespace, new("days", QueryType.Integer, $"How many days back; {UsualDays} when absent.") { Most = MostDays }]);

    public static void MapCompliance(this IEndpointRouteBuilder api)
    {
        api.MapGet(Root, (HttpContext http, CancellationToken ct) => PoliciesAsync(http, ct))
            .Describe<Page<ComplianceView>>("listCompliance", "Results of policies, by cluster, policy and namespace", RowParameters).WithTags("compliance");
        api.MapGet(Root + "/clusters", (HttpContext http, CancellationToken ct) => ClustersAsync(http, ct))
            .Describe<Page<ClusterComplianceView>>("listClusterCompliance", "Results of policies by cluster, and how fresh they are", RowParameters).WithTags("compliance");
        api.MapGet(Root + "/clusters/{namespace}/{cluster}/findings", (string @namespace, string cluster, HttpContext http, CancellationToken ct) => FindingsAsync(@namespace, cluster, http, ct))
            .Describe<Page<FindingView>>("listFindings", "What did not pass in one cluster, worst first", FindingParameters, 404).WithTags("compliance");
        api.MapGet(Root + "/trend", (HttpContext http, CancellationToken ct) => TrendAsync(http, ct))
            .Describe<ComplianceTrendView>("getComplianceTrend", "The sums of each day", TrendParameters).WithTags("compliance");
    }

    private static async Task<IResult> PoliciesAsync(HttpContext http, CancellationToken ct)
    {
        var query = QueryReader.Read(http);
        var (filter, limited) = await FilterAsync(http, query, ct);
        var queries = Queries(http);
        var (limit, what) = (query.Integer("limit") ?? UsualItems, Fingerprint("compliance", RowParameters, query));
        var (rows, clusters) = await AskAsync(() => queries.PoliciesAsync(filter, After(query, what), limit + 1, ct));
        var (options, now) = Clock(http);
        return Answer(
            rows, limit, what, row => row.Place, row => ComplianceViewsFrom.Policy(row, clusters.GetValueOrDefault(new(row.Namespace, row.Cluster)), options, now), limited,
            ServiceApiJson.Default.PageComplianceView);
    }

    private static async Task<IResult> ClustersAsync(HttpContext http, CancellationToken ct)
    {
        var query = QueryReader.Read(http);
        var (filter, limited) = await FilterAsync(http, query, ct);
        var queries = Queries(http);
        var (limit, what) = (query.Integer("limit") ?? UsualItems, Fingerprint("compliance/clusters", RowParameters, query));
        var after = After(query, what)?.Split('/');
        var (rows, sums) = await AskAsync(() => queries.ClustersAsync(filter, after is { Length: 2 } ? new ObjectKey(after[0], after[1]) : null, limit + 1, ct));
        var (options, now) = Clock(http);
        return Answer(
            rows, limit, what, row => $"{row.Namespace}/{row.Cluster}", row => ComplianceViewsFrom.Cluster(row, sums.GetValueOrDefault(new(row.Namespace, row.Cluster)), options, now), limited,
            ServiceApiJson.Default.PageClusterComplianceView);
    }

    private static async Task<IResult> FindingsAsync(string @namespace, string name, HttpContext http, CancellationToken ct)
    {
        var query = QueryReader.Read(http);
        var cluster = PathNames.Key(@namespace, name);
        await ApiCall.Of(http).RequireAsync(new("get", FleetKinds.ClusterDeployments.Kind, cluster.Namespace, cluster.Name), ct);
        var queries = Queries(http);
        var filter = new ComplianceFilter
        {
            Policy = query.Text("policy"), TargetNamespace = query.Text("targetNamespace"), Severity = query.Text("severity"), Results = query.Text("result")?.Split(',') ?? [],
        };
        var (limit, what) = (query.Integer("limit") ?? UsualItems, Fingerprint($"findings {cluster}", FindingParameters, query));
        var rows = await AskAsync(() => queries.FindingsAsync(cluster, filter, After(query, what), limit + 1, ct))
            ?? throw new ProblemException(ProblemKind.NotFound, $"nothing is known of the compliance of a cluster {cluster}");
        return Answer(rows, limit, what, row => row.Place, ComplianceViewsFrom.Finding, false, ServiceApiJson.Default.PageFindingView);
    }

    private static async Task<IResult> TrendAsync(HttpContext http, CancellationToken ct)
    {
        var query = QueryReader.Read(http);
        var (filter, limited) = await FilterAsync(http, query, ct);
        var queries = Queries(http);
        var today = DateOnly.FromDateTime(Clock(http).Now.UtcDateTime);
        var from = today.AddDays(1 - (query.Integer("days") ?? UsualDays));
        var known = await AskAsync(() => queries.TrendAsync(filter, from, today, ct));
        return Results.Json(new ComplianceTrendView { Days = ComplianceViewsFrom.Days(known, today), LimitedByAccess = limited }, ServiceApiJson.Default.ComplianceTrendView);
    }

    /// <summary>What the caller may see of what it asks for. Who may not list everywhere is asked about namespace by namespace; one cluster needs get on it alone.</summary>
    private static async Task<(ComplianceFilter Filter, bool Limited)> FilterAsync(HttpContext http, QueryReader query, CancellationToken ct)
    {
        var (call, kind) = (ApiCall.Of(http), FleetKinds.ClusterDeployments.Kind);
        var filter = new ComplianceFilter
        {
            Namespace = query.Text("namespace"), Cluster = query.Text("cluster"), Policy = query.Text("policy"), TargetNamespace = query.Text("targetNamespace"),
            Results = query.Text("result")?.Split(',') ?? [],
        };
        if (filter.Namespace is { } @namespace && !PathNames.IsNamespace(@namespace))
            throw ProblemException.Invalid("?namespace", "must be a name of a namespace");
        if (filter is { Namespace: { } place, Cluster: { } cluster } && await call.MayAsync(new("get", kind, place, cluster), ct))
            return (filter, false);
        if (await ListAccess.MayListAsync(call, kind, filter.Namespace ?? "", ct))
            return (filter, false);
        var (among, hidden) = (new List<string>(), false);
        foreach (var candidate in await AskAsync(() => Queries(http).NamespacesAsync(ct)))
            if (await call.MayAsync(new("list", kind, candidate), ct))
                among.Add(candidate);
            else
                hidden = true;
        return (filter with { Among = [.. among] }, hidden);
    }

    private static IResult Answer<TRow, TView>(
        List<TRow> rows, int limit, string what, Func<TRow, string> place, Func<TRow, TView> view, bool limited, JsonTypeInfo<Page<TView>> json) => Results.Json(
        new Page<TView>
        {
            Items = [.. rows.Take(limit).Select(view)],
            Continue = rows.Count > limit ? ContinueToken.Write(place(rows[limit - 1]), what) : null,
            LimitedByAccess = limited,
        }, json);

    private static string? After(QueryReader query, string what) => query.Text("continue") is { } token ? ContinueToken.Read(token, what) : null;

    private static string Fingerprint(string list, QueryParameters parameters, QueryReader query) =>
        string.Join('\n', parameters.All.Where(parameter => parameter.Name is not ("limit" or "continue")).Select(parameter => query.Text(parameter.Name) ?? "").Prepend(list));

    private static ComplianceQueries Queries(HttpContext http) => http.RequestServices.GetService<ComplianceQueries>()
        ?? throw new ProblemException(ProblemKind.HistoryUnavailable, "the compliance report goes to the log of this process; with --postgres FILE it can be asked here");

    private static (ComplianceOptions Options, DateTimeOffset Now) Clock(HttpContext http) =>
        (http.RequestServices.GetRequiredService<ComplianceOptions>(), http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow());

    private static async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (ComplianceStoreException e)
        {
            throw new ProblemException(ProblemKind.HistoryUnavailable, e.Message);
        }
    }
}

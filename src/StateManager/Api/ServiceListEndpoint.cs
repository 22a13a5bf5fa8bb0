using Fleet.Contracts.Api;
using Fleet.Contracts.Services;
using Fleet.Rest;
using Fleet.Rest.Lists;
using Fleet.Rest.Problems;
using Fleet.Rest.Requests;

namespace Fleet.StateManager.Api;

/// <summary><c>GET /api/v1/services</c>: services of all clusters, page by page in the order of their names.</summary>
internal static class ServiceListEndpoint
{
    private const int UsualItems = 100;

    private static readonly string[] States =
        [ServiceStates.Deployed, ServiceStates.Provisioning, ServiceStates.Failed, ServiceStates.Pending, ServiceStates.Deleting, ServiceStates.Deleted];

    private static readonly QueryParameters Parameters = new(
    [
        new("namespace", QueryType.Text, "Only clusters of this namespace.") { Longest = 63 },
        new("cluster", QueryType.Text, "Only this cluster.") { Longest = 253 },
        new("service", QueryType.Text, "Only services of this name; or namespace/name, with the namespace in the cluster.") { Longest = 320 },
        new("state", QueryType.Text, "Only services in one of these states, separated by commas.") { Among = States },
        new("held", QueryType.Boolean, "Only services that a person holds (true), or those that nobody does (false)."),
        new("limit", QueryType.Integer, $"How many items a page may hold; {UsualItems} when absent.") { Most = 500 },
        new("continue", QueryType.Text, "From the page before.") { Longest = 8192 },
    ]);

    public static void MapServiceList(this IEndpointRouteBuilder api) =>
        api.MapGet("/services", (HttpContext http, ServiceRows rows, CancellationToken ct) => AnswerAsync(http, rows, ct))
            .Describe<Page<ClusterServiceView>>("listServices", "List services of clusters", Parameters).WithTags("services");

    private static async Task<IResult> AnswerAsync(HttpContext http, ServiceRows rows, CancellationToken ct)
    {
        var query = QueryReader.Read(http);
        var call = ApiCall.Of(http);
        var @namespace = query.Text("namespace") ?? "";
        if (@namespace.Length > 0 && !PathNames.IsNamespace(@namespace))
            throw ProblemException.Invalid("?namespace", "must be a name of a namespace");
        var everywhere = await ListAccess.MayListAsync(call, ServiceRows.Kind, @namespace, ct);
        var limit = query.Integer("limit") ?? UsualItems;
        var what = string.Join('\n', Parameters.All.Where(parameter => parameter.Name is not ("limit" or "continue")).Select(parameter => query.Text(parameter.Name) ?? ""));
        var after = query.Text("continue") is { } token ? ContinueToken.Read(token, "services\n" + what) : null;
        var items = new List<ClusterServiceView>();
        var limited = false;
        string? next = null;
        string? last = null;
        foreach (var row in await rows.AllAsync(ct))
        {
            if (@namespace.Length > 0 && row.Cluster.Namespace != @namespace)
                continue;
            if (!everywhere && !await call.MayAsync(new("list", ServiceRows.Kind, row.Cluster.Namespace), ct))
            {
                limited = true;
                continue;
            }
            if ((after is not null && string.CompareOrdinal(row.Place, after) <= 0) || !Passes(row, query))
                continue;
            if (items.Count == limit)
            {
                next = last;
                break;
            }
            items.Add(ServiceViewsFrom.Detail(row));
            last = row.Place;
        }
        return Results.Json(
            new Page<ClusterServiceView> { Items = items, Continue = next is null ? null : ContinueToken.Write(next, "services\n" + what), LimitedByAccess = limited },
            ServiceApiJson.Default.PageClusterServiceView);
    }

    private static bool Passes(ServiceRow row, QueryReader query) =>
        (query.Text("cluster") is not { } cluster || row.Cluster.Name == cluster)
        && (query.Text("service") is not { } service || row.Release.Name == service || $"{row.Release.Namespace}/{row.Release.Name}" == service)
        && (query.Text("state") is not { } states || states.Split(',').Contains(row.State?.State ?? ServiceStates.Pending))
        && (query.Boolean("held") is not { } held || held == (ServiceViewsFrom.HoldOf(row) is not null));
}

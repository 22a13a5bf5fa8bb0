using Fleet.Rest.Databases;
using System.Text.Json;
using Fleet.Control.Access;
using Fleet.Control.Kinds;
using Fleet.Cost;
using Fleet.Cost.Filters;
using Fleet.Cost.Responses;
using Fleet.Kubernetes.Resources;
using Fleet.Observability.Ledger;
using Fleet.Observability.Teams.Categories;

namespace Fleet.Observability.Costs;

/// <summary>
/// OpenCost's <c>/allocation</c> and <c>/assets</c> over the whole fleet, and how far the figures reach. Whoever may <c>get</c> the virtual <c>clusterdeployments/costs</c> in a
/// namespace sees the costs of its clusters.
/// </summary>
internal static class CostEndpoints
{
    private const string Subresource = "costs";

    public static IEndpointRouteBuilder MapCosts(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/allocation", (HttpRequest request, LedgerReader ledger, CallerAccess access, TimeProvider clock, CancellationToken ct) =>
                AnswerAsync(request, ledger, access, async clusters =>
                {
                    var query = CostQuery.Read(request.Query, clock.GetUtcNow(), name => CategoriesOf(request).Find(name).ValueOf);
                    var sets = query.Of(await ledger.ReadAsync(query.Window, query.Step, clusters, ct, query.Detail));
                    return Json(writer => AllocationJson.Write(writer, CostReport.Allocations(sets, query)));
                }, ct))
            .WithTags("costs").WithSummary("What workloads cost, with OpenCost's parameters");
        endpoints.MapGet("/assets", (HttpRequest request, LedgerReader ledger, CallerAccess access, TimeProvider clock, CancellationToken ct) =>
                AnswerAsync(request, ledger, access, async clusters =>
                {
                    var query = CostQuery.Read(request.Query, clock.GetUtcNow());
                    var sets = query.Of(await ledger.ReadAsync(query.Window, query.Window.Duration, clusters, ct, LedgerDetail.Assets));
                    return Json(writer => AssetJson.Write(writer, CostReport.Assets(sets, query)));
                }, ct))
            .WithTags("costs").WithSummary("What is paid for: nodes, disks, load balancers");
        endpoints.MapGet("/api/v1/costs/clusters", (HttpRequest request, LedgerReader ledger, CallerAccess access, CancellationToken ct) =>
                AnswerAsync(request, ledger, access, async clusters =>
                {
                    var known = (await ledger.FreshnessAsync(ct)).Where(cluster => clusters is null || clusters.Contains(cluster.Cluster));
                    return Results.Json(new { items = known.Select(ClusterCosts.Of) });
                }, ct))
            .WithTags("costs").WithSummary("How far the costs of each cluster reach");
        return endpoints;
    }

    /// <summary>Answers with the clusters that the caller may see the costs of; null for all of them.</summary>
    internal static async Task<IResult> AnswerAsync(
        HttpRequest request, LedgerReader ledger, CallerAccess access, Func<IReadOnlyCollection<string>?, Task<IResult>> answer, CancellationToken ct)
    {
        try
        {
            if (await access.WhoAsync(request, fresh: false, ct) is not { } caller)
            {
                request.HttpContext.Response.Headers.WWWAuthenticate = "Bearer";
                return CallerResults.Problem(StatusCodes.Status401Unauthorized, "a bearer token of the management API is needed");
            }
            return await answer(await ClustersOfAsync(caller, ledger, access, ct));
        }
        catch (AccessRefusedException e)
        {
            return CallerResults.Problem(StatusCodes.Status403Forbidden, e.Message);
        }
        catch (Exception e) when (e is CostQueryException or FilterException)
        {
            return CallerResults.Problem(StatusCodes.Status400BadRequest, e.Message);
        }
        catch (KubeApiException e)
        {
            return CallerResults.Problem(e.IsTransient ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status502BadGateway, $"management API: {e.Message}");
        }
        catch (Exception e) when (DatabaseFailures.IsOne(e))
        {
            // An answer without rows would say that nothing costs anything.
            return CallerResults.Problem(StatusCodes.Status503ServiceUnavailable, "the ledger of costs does not answer");
        }
    }

    /// <summary>Null for whoever may see all of them. The ledger may know clusters that the management API has forgotten: their namespace decides as well.</summary>
    private static async Task<IReadOnlyCollection<string>?> ClustersOfAsync(Caller caller, LedgerReader ledger, CallerAccess access, CancellationToken ct)
    {
        var everywhere = new AccessQuestion("get", FleetKinds.ClusterDeployments.Kind, "", Subresource: Subresource);
        if (await access.MayAsync(caller, everywhere, fresh: false, ct))
            return null;
        var allowed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var group in (await ledger.FreshnessAsync(ct)).GroupBy(cluster => cluster.Cluster.Split('/')[0]))
            if (await access.MayAsync(caller, everywhere with { Namespace = group.Key }, fresh: false, ct))
                allowed.UnionWith(group.Select(cluster => cluster.Cluster));
        return allowed.Count > 0 ? allowed : throw new AccessRefusedException(caller, everywhere);
    }

    private static FleetCategories CategoriesOf(HttpRequest request) =>
        request.HttpContext.RequestServices.GetService<FleetCategories>() ?? throw new CostQueryException("cost categories are not known here");

    private static IResult Json(Action<Utf8JsonWriter> write) => Results.Stream(
        async stream =>
        {
            await using var json = new Utf8JsonWriter(stream);
            write(json);
            await json.FlushAsync();
        },
        "application/json");
}

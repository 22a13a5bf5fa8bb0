using System.Text.Json;
using Fleet.Control.Access;
using Fleet.Cost;
using Fleet.Cost.Filters;
using Fleet.Observability.Budgets;
using Fleet.Observability.Ledger;

namespace Fleet.Observability.Costs.Summary;

/// <summary><c>/api/v1/costs/summary</c>: what a first look at costs shows, of the clusters that the caller may see the costs of.</summary>
internal static class SummaryEndpoints
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static IEndpointRouteBuilder MapSummary(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/api/v1/costs/summary", (HttpRequest request, string? filter, string? currency, LedgerReader ledger, CallerAccess access, SummaryReader reader, FleetBudgets budgets, CancellationToken ct) =>
                CostEndpoints.AnswerAsync(request, ledger, access, async clusters =>
                {
                    if (request.Query.Keys.FirstOrDefault(name => name is not ("filter" or "currency")) is { } unknown)
                        throw new CostQueryException($"'{(unknown.Length <= 60 ? unknown : unknown[..60])}' is no parameter: there are filter and currency");
                    var asked = AllocationFilter.Parse(filter ?? "");
                    var facts = await reader.ReadAsync(asked, string.IsNullOrEmpty(currency) ? null : currency, clusters, ct);
                    return Results.Json(SummaryFrom.Of(facts with { Budgets = await BudgetsOfAsync(request, asked, budgets, access, ct) }), Json);
                }, ct))
            .WithTags("costs").WithSummary("Month to date, forecast, budget, movers, idle, efficiency and freshness");
        return endpoints;
    }

    /// <summary>Budgets that the caller may list. Under a filter none of them is about the same costs.</summary>
    private static async Task<IReadOnlyList<Budget>> BudgetsOfAsync(HttpRequest request, AllocationFilter filter, FleetBudgets budgets, CallerAccess access, CancellationToken ct) =>
        filter.IsEverything && await access.WhoAsync(request, fresh: false, ct) is { } caller ? await BudgetEndpoints.VisibleAsync(caller, budgets, access, ct) : [];
}

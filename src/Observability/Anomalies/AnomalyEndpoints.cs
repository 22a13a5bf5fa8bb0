using System.Text.Json;
using Fleet.Control.Access;
using Fleet.Cost;
using Fleet.Cost.Budgets;
using Fleet.Observability.Costs;
using Fleet.Observability.Days;
using Fleet.Observability.Ledger;

namespace Fleet.Observability.Anomalies;

/// <summary><c>/api/v1/costs/anomalies</c>: odd costs of the clusters that the caller may see the costs of.</summary>
internal static class AnomalyEndpoints
{
    /// <summary>How long closed ones are shown.</summary>
    private const int DaysShown = 90;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static IEndpointRouteBuilder MapAnomalies(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/api/v1/costs/anomalies", (HttpRequest request, string? state, LedgerReader ledger, CallerAccess access, AnomalyStore store, TimeProvider clock, CancellationToken ct) =>
                CostEndpoints.AnswerAsync(request, ledger, access, async clusters =>
                {
                    bool? isOpen = state switch
                    {
                        null or "" or "open" => true,
                        "closed" => false,
                        "all" => null,
                        _ => throw new CostQueryException("state is open, closed or all"),
                    };
                    var rows = await store.ReadAsync(isOpen, clusters, DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).AddDays(-DaysShown), ct);
                    return Results.Json(new { items = rows.Select(View) }, Json);
                }, ct))
            .WithTags("costs").WithSummary("Days that cost other than usual");
        return endpoints;
    }

    private static object View(AnomalyRow row)
    {
        var (series, anomaly) = (row.Series, row.Anomaly);
        return new
        {
            id = row.Id.ToString(System.Globalization.CultureInfo.InvariantCulture),
            series = series.Text,
            kind = series.Kind,
            cluster = series.Cluster,
            @namespace = series.Subject == DaySubject.Namespaces ? series.Name : null,
            team = series.Subject == DaySubject.Teams ? series.Name : null,
            start = BudgetEvaluator.Text(anomaly.FirstDay),
            end = anomaly.IsOpen ? null : BudgetEvaluator.Text(anomaly.LastDay),
            lastDay = BudgetEvaluator.Text(anomaly.LastDay),
            state = anomaly.IsOpen ? "open" : "closed",
            currency = series.Currency,
            expected = Math.Round(anomaly.Expected, 2),
            actual = Math.Round(anomaly.Actual, 2),
            impact = Math.Round(anomaly.Impact, 2),
            severity = anomaly.Severity.ToString().ToLowerInvariant(),
            top = row.Top.Select(part => new { part.Name, part.Amount }),
        };
    }
}

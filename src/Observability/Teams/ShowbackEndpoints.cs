using System.Globalization;
using System.Text;
using System.Text.Json;
using Fleet.Control.Access;
using Fleet.Cost;
using Fleet.Cost.Teams;
using Fleet.Observability.Costs;
using Fleet.Observability.Days;
using Fleet.Observability.Ledger;
using Fleet.Observability.Teams.Categories;

namespace Fleet.Observability.Teams;

/// <summary><c>/api/v1/costs/showback</c>: who caused which costs of a period, of the clusters that the caller may see the costs of.</summary>
internal static class ShowbackEndpoints
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static IEndpointRouteBuilder MapShowback(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/api/v1/costs/showback", (
                HttpRequest request, LedgerReader ledger, CallerAccess access, DayStore days, LedgerGaps gaps, FleetCategories categories, DayWake wake, TimeProvider clock, CancellationToken ct) =>
                CostEndpoints.AnswerAsync(request, ledger, access, async clusters =>
                {
                    var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
                    var period = ShowbackPeriod.Parse(request.Query["period"], today);
                    var by = (string?)request.Query["by"] is { Length: > 0 } asked ? asked : "team";
                    if (!by.StartsWith(CategoryShowback.Prefix, StringComparison.Ordinal))
                        return Answer(request, period, by, await SubjectsAsync(request.Query, days, gaps, by, period, clusters, ct));
                    if (request.Query.ContainsKey("shareSplit") || request.Query.ContainsKey("shareCost"))
                        throw new CostQueryException("shareSplit and shareCost are for labels: a CostCategory says itself what is shared and how");
                    var category = categories.Find(by[CategoryShowback.Prefix.Length..]);
                    if (await CategoryShowback.ReadAsync(days, gaps, category, period, today, clusters, request.Query["currency"], ct) is { } report)
                        return Answer(request, period, by, report);
                    wake.Wake();
                    return CallerResults.Problem(StatusCodes.Status503ServiceUnavailable, $"the costs of CostCategory {category.Key} are being added up: ask again in a minute");
                }, ct))
            .WithTags("costs").WithSummary("Costs of a period by team, department, product, namespace, cluster or cost category, as JSON, HTML or CSV");
        return endpoints;
    }

    private static IResult Answer(HttpRequest request, ShowbackPeriod period, string by, ShowbackAnswer answer)
    {
        var (report, currency) = (answer.Report, answer.Currency);
        if ((string?)request.Query["format"] == "html")
            request.HttpContext.Response.Headers.ContentSecurityPolicy = ShowbackDocument.Policy + "; frame-ancestors 'none'";
        var file = by.Replace(':', '-').Replace('/', '-');
        return (string?)request.Query["format"] switch
        {
            null or "" or "json" => Results.Json(new
            {
                period = period.Text, currency, by,
                items = report.Items.Select(item => new { item.Owner, item.Direct, item.Shared, item.Idle, item.Total, item.Before, item.Change, share = Math.Round(item.Share, 4), item.SharedBy }),
                report.Unallocated, report.Undivided, report.Total, prior = report.Prior, answer.KnownFrom, answer.FormerRulesUntil,
            }, Json),
            "csv" => Results.File(Encoding.UTF8.GetBytes(ShowbackDocument.Csv(report, period.Text, currency, by)), "text/csv; charset=utf-8", $"showback-{file}-{period.Text}.csv"),
            "html" => Results.Text(ShowbackDocument.Html(report, period.Text, currency, by), "text/html; charset=utf-8", Encoding.UTF8),
            _ => throw new CostQueryException("format is json, html or csv"),
        };
    }

    /// <summary>By what is always added up: labels, namespaces, clusters.</summary>
    private static async Task<ShowbackAnswer> SubjectsAsync(
        IQueryCollection query, DayStore days, LedgerGaps gaps, string by, ShowbackPeriod period, IReadOnlyCollection<string>? clusters, CancellationToken ct)
    {
        var subject = DaySubject.Of(by) ?? throw new CostQueryException($"by is team, department, product, namespace, cluster or {CategoryShowback.Prefix}NAME");
        var method = (string?)query["shareSplit"] switch
        {
            null or "" or "weighted" => SharedPoolMethod.Proportional,
            "even" => SharedPoolMethod.Even,
            _ => throw new CostQueryException("shareSplit is weighted or even"),
        };
        var shared = (string?)query["shareCost"] is not { Length: > 0 } amount ? 0
            : double.TryParse(amount, NumberStyles.Float, CultureInfo.InvariantCulture, out var stated) && stated is >= 0 and < 1e15 ? stated
            : throw new CostQueryException("shareCost is an amount for the period");
        IReadOnlyList<SharedPool> pools =
            [new(SharedPool.Overhead, SharedPoolSource.Overhead, method), new("shareCost", SharedPoolSource.Amount, method) { Amount = shared }];
        var (now, currency) = await CostsAsync(days, subject, period.First, period.End, clusters, query["currency"], ct);
        var (before, other) = await CostsAsync(days, subject, period.Before, period.First, clusters, currency.Length > 0 ? currency : null, ct);
        var known = await days.KnownAsync(DaySubject.Clusters, ct);
        var prior = await gaps.PriorAsync(period.Before, period.First, known, clusters, ct);
        return new(ShowbackFrom.Of(CostDivision.Of(now, pools), before.Owners.Count > 0 && other == currency ? CostDivision.Of(before, pools) : null, prior), currency);
    }

    private static async Task<(OwnerCosts Costs, string Currency)> CostsAsync(
        DayStore days, DaySubject subject, DateOnly from, DateOnly until, IReadOnlyCollection<string>? clusters, string? currency, CancellationToken ct)
    {
        var rows = await days.ReadAsync(new([DaySubject.Clusters, subject.Name], from, until) { Clusters = clusters, ByName = true, ByCluster = true }, ct);
        var only = ShowbackAnswer.CurrencyOf([.. rows.Select(row => row.Currency).Distinct().Order(StringComparer.Ordinal)], currency);
        var own = rows.Where(row => row.Currency == only).ToList();
        return (new(
            // Namespaces of equal names in two clusters are two.
            [.. own.Where(row => row.Subject == subject.Name).Select(row => subject.Name == DaySubject.Namespaces ? row.Cost with { Name = $"{row.Cost.Cluster}/{row.Cost.Name}" } : row.Cost)],
            [.. own.Where(row => row.Subject == DaySubject.Clusters).Select(row => row.Cost)]), only);
    }
}

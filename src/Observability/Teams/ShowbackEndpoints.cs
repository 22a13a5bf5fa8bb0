using System.Globalization;
using System.Text;
using System.Text.Json;
using Fleet.Control.Access;
using Fleet.Cost;
using Fleet.Cost.Sharing;
using Fleet.Cost.Teams;
using Fleet.Observability.Costs;
using Fleet.Observability.Days;
using Fleet.Observability.Ledger;

namespace Fleet.Observability.Teams;

/// <summary><c>/api/v1/costs/showback</c>: who caused which costs of a period, of the clusters that the caller may see the costs of.</summary>
internal static class ShowbackEndpoints
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static IEndpointRouteBuilder MapShowback(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/api/v1/costs/showback", (HttpRequest request, LedgerReader ledger, CallerAccess access, DayStore days, TimeProvider clock, CancellationToken ct) =>
                CostEndpoints.AnswerAsync(request, ledger, access, clusters => AnswerAsync(request, days, clusters, DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime), ct), ct))
            .WithTags("costs").WithSummary("Costs of a period by team, department, product, namespace or cluster, as JSON, HTML or CSV");
        return endpoints;
    }

    private static async Task<IResult> AnswerAsync(HttpRequest request, DayStore days, IReadOnlyCollection<string>? clusters, DateOnly today, CancellationToken ct)
    {
        var period = ShowbackPeriod.Parse(request.Query["period"], today);
        var by = (string?)request.Query["by"] is { Length: > 0 } asked ? asked : "team";
        var subject = DaySubject.Of(by) ?? throw new CostQueryException("by is team, department, product, namespace or cluster");
        var split = (string?)request.Query["shareSplit"] switch
        {
            null or "" or "weighted" => ShareSplit.Weighted,
            "even" => ShareSplit.Even,
            _ => throw new CostQueryException("shareSplit is weighted or even"),
        };
        var shared = (string?)request.Query["shareCost"] is not { Length: > 0 } amount ? 0
            : double.TryParse(amount, NumberStyles.Float, CultureInfo.InvariantCulture, out var stated) && stated is >= 0 and < 1e15 ? stated
            : throw new CostQueryException("shareCost is an amount for the period");
        var (now, currency) = await CostsAsync(days, subject, period.First, period.End, clusters, request.Query["currency"], ct);
        var (before, other) = await CostsAsync(days, subject, period.Before, period.First, clusters, currency.Length > 0 ? currency : null, ct);
        var report = ShowbackFrom.Of(now with { Fixed = shared }, before.Owners.Count > 0 && other == currency ? before with { Fixed = shared } : null, split);
        return (string?)request.Query["format"] switch
        {
            null or "" or "json" => Results.Json(new
            {
                period = period.Text, currency, by,
                items = report.Items.Select(item => new
                {
                    item.Owner, direct = Amount(item.Direct), shared = Amount(item.Shared), idle = Amount(item.Idle), total = Amount(item.Total), before = Amount(item.Before), change = Amount(item.Change), share = Math.Round(item.Share, 4),
                }),
                unallocated = Amount(report.Unallocated), total = Amount(report.Total),
            }, Json),
            "csv" => Results.File(Encoding.UTF8.GetBytes(ShowbackDocument.Csv(report, period.Text, currency, by)), "text/csv; charset=utf-8", $"showback-{by}-{period.Text}.csv"),
            "html" => Results.Text(ShowbackDocument.Html(report, period.Text, currency, by), "text/html; charset=utf-8", Encoding.UTF8),
            _ => throw new CostQueryException("format is json, html or csv"),
        };
    }

    private static async Task<(OwnerCosts Costs, string Currency)> CostsAsync(
        DayStore days, DaySubject subject, DateOnly from, DateOnly until, IReadOnlyCollection<string>? clusters, string? currency, CancellationToken ct)
    {
        var rows = await days.ReadAsync(new([DaySubject.Clusters, subject.Name], from, until) { Clusters = clusters, ByName = true, ByCluster = subject.Name == DaySubject.Namespaces }, ct);
        var known = rows.Select(row => row.Currency).Distinct().Order(StringComparer.Ordinal).ToList();
        var only = !string.IsNullOrEmpty(currency) ? currency : known.Count <= 1 ? known.FirstOrDefault() ?? ""
            : throw new CostQueryException($"these costs are in {string.Join(" and ", known)}, which are not added up: name one by currency=");
        var own = rows.Where(row => row.Currency == only).ToList();
        return (new(
            // Namespaces of equal names in two clusters are two.
            [.. own.Where(row => row.Subject == subject.Name).Select(row => subject.Name == DaySubject.Namespaces ? row.Cost with { Name = $"{row.Cost.Cluster}/{row.Cost.Name}" } : row.Cost)],
            own.Where(row => row.Subject == DaySubject.Clusters).Sum(row => row.Cost.Total), 0), only);
    }

    private static double Amount(double amount) => Math.Round(amount, 2, MidpointRounding.AwayFromZero);

    private static double? Amount(double? amount) => amount is { } known ? Amount(known) : null;
}

using Fleet.Rest.Databases;
using System.Globalization;
using System.Text.Json;
using Fleet.Contracts.Budgets;
using Fleet.Contracts.Conditions;
using Fleet.Control.Access;
using Fleet.Control.Kinds;
using Fleet.Cost.Budgets;
using Fleet.Kubernetes.Resources;
using Fleet.Observability.Api;
using Fleet.Observability.Days;

namespace Fleet.Observability.Budgets;

/// <summary><c>/api/v1/costs/budgets</c>: the Budgets that the caller may list, with what was spent by day.</summary>
internal static class BudgetEndpoints
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static IEndpointRouteBuilder MapBudgets(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/api/v1/costs/budgets", ListAsync).WithTags("costs").WithSummary("Budgets: spent, forecast, thresholds, and costs by day");
        return endpoints;
    }

    /// <summary>In the namespaces in which the caller may list budgets.</summary>
    public static Task<IReadOnlyList<Budget>> VisibleAsync(Caller caller, FleetBudgets budgets, CallerAccess access, CancellationToken ct) =>
        ListedObjects.OfAsync(caller, access, FleetKinds.Budgets.Kind, budgets.All, budget => budget.Metadata.Key, ct);

    private static async Task<IResult> ListAsync(HttpRequest request, FleetBudgets budgets, DayStore days, CallerAccess access, CancellationToken ct)
    {
        try
        {
            if (await access.WhoAsync(request, fresh: false, ct) is not { } caller)
            {
                request.HttpContext.Response.Headers.WWWAuthenticate = "Bearer";
                return CallerResults.Problem(StatusCodes.Status401Unauthorized, "a bearer token of the management API is needed");
            }
            await budgets.StartAsync(ct);
            var visible = await VisibleAsync(caller, budgets, access, ct);
            return Results.Json(new { items = Views(visible, await SeriesAsync(visible, days, ct)) }, Json);
        }
        catch (KubeApiException e)
        {
            return CallerResults.Problem(e.IsTransient ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status502BadGateway, $"management API: {e.Message}");
        }
        catch (Exception e) when (DatabaseFailures.IsOne(e))
        {
            return CallerResults.Problem(StatusCodes.Status503ServiceUnavailable, "the ledger of costs does not answer");
        }
    }

    private static async Task<ILookup<string, DayRow>> SeriesAsync(IReadOnlyList<Budget> budgets, DayStore days, CancellationToken ct)
    {
        var scopes = budgets.Select(FleetBudgets.ScopeOf).OfType<BudgetScope>().Select(scope => scope.Subject).Distinct().ToList();
        var starts = budgets.Select(budget => DayOf(budget.Status?.Period?.Start)).OfType<DateOnly>().ToList();
        var rows = starts.Count == 0 ? [] : await days.ReadAsync(new(scopes, starts.Min(), DateOnly.MaxValue) { ByDay = true }, ct);
        return rows.ToLookup(row => row.Subject);
    }

    private static IEnumerable<object> Views(IReadOnlyList<Budget> budgets, ILookup<string, DayRow> series) => budgets.Select(budget => View(budget, series));

    private static object View(Budget budget, ILookup<string, DayRow> series)
    {
        var (spec, status) = (budget.Spec, budget.Status);
        var (first, last) = (DayOf(status?.Period?.Start), DayOf(status?.Period?.End));
        var withIdle = spec.Idle != "Excluded";
        var days = FleetBudgets.ScopeOf(budget) is { } scope ? series[scope.Subject] : [];
        return new
        {
            budget.Metadata.Namespace,
            budget.Metadata.Name,
            Filter = spec.Filter ?? "",
            Period = status?.Period is { } period ? new { kind = spec.Period, start = period.Start, end = period.End } : new { kind = spec.Period, start = "", end = "" },
            spec.Amount,
            spec.Currency,
            Idle = spec.Idle ?? "Included",
            status?.Spent,
            status?.Remaining,
            Forecast = status?.Forecast is { } forecast ? new { forecast.Amount, forecast.Low, forecast.High, forecast.Method } : null,
            Thresholds = (status?.Thresholds ?? []).Select(threshold => new { Kind = threshold.Kind.ToLowerInvariant(), threshold.Percent, threshold.Crossed, threshold.At }),
            State = status?.State ?? "Unknown",
            Message = MessageOf(status?.Conditions ?? []),
            Conditions = (status?.Conditions ?? []).Select(condition => new { Type = condition.Type.Value, Status = condition.Status.ToString(), Reason = condition.Reason.Value, condition.Message }),
            status?.LastEvaluated,
            Series = days.Where(row => row.Currency == spec.Currency && row.Day >= first && row.Day <= last).OrderBy(row => row.Day)
                .Select(row => new { date = BudgetEvaluator.Text(row.Day), amount = Math.Round(row.Cost.Direct + row.Cost.Overhead + (withIdle ? row.Cost.Idle : 0), 2) }),
        };
    }

    /// <summary>Why nothing is known, or how it stands.</summary>
    private static string MessageOf(List<Condition> conditions)
    {
        var known = conditions.Find(condition => condition.Type == BudgetConditions.CostsKnown);
        return (known is { Status: ConditionStatus.True } ? conditions.Find(condition => condition.Type == BudgetConditions.OnTrack) : known)?.Message ?? "";
    }

    private static DateOnly? DayOf(string? text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}

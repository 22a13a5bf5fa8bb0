using System.Text.RegularExpressions;
using Fleet.Control.Access;
using Fleet.Control.Kinds;
using Fleet.Cost.Focus;
using Fleet.Cost.Focus.Bills;
using Fleet.Observability.Costs;
using Fleet.Observability.Ledger;
using Microsoft.AspNetCore.Http.Features;

namespace Fleet.Observability.Focus.Bills;

/// <summary>A provider's bill beside list prices. Of one that is imported what it makes of costs is kept, and nothing else.</summary>
internal static partial class BillEndpoints
{
    /// <summary>Bills of months are large; what is longer is sent in parts.</summary>
    private const long MostBytes = 2L << 30;

    /// <summary>Of each list; the sums are of all.</summary>
    private const int MostItems = 5000;

    public static IEndpointRouteBuilder MapBills(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/api/v1/costs/reconcile", (HttpRequest request, LedgerReader ledger, CallerAccess access, TimeProvider clock, BillTurns turns, CancellationToken ct) =>
                CostEndpoints.AnswerAsync(request, ledger, access, clusters => ReadBillAsync(request, ledger, clock, turns, clusters, compared => Task.FromResult(Results.Json(View(compared))), ct), ct))
            .WithTags("costs").WithSummary("Compare a FOCUS bill with list prices, by resource, service and day");
        endpoints.MapPut("/api/v1/costs/bills/{name}", (string name, HttpRequest request, LedgerReader ledger, CallerAccess access, TimeProvider clock, BillTurns turns, BillStore bills, CancellationToken ct) =>
                CostEndpoints.AnswerAsync(request, ledger, access, async _ =>
                {
                    if (name.Length > 100 || !Name().IsMatch(name))
                        return CallerResults.Problem(StatusCodes.Status400BadRequest, "a bill is called by at most 100 lower-case letters, digits, dots and hyphens");
                    var caller = await ChangingAsync(request, access, ct);
                    return await ReadBillAsync(request, ledger, clock, turns, null, compared => ImportAsync(name, caller, compared, bills, clock, ct), ct);
                }, ct))
            .WithTags("costs").WithSummary("Adjust costs by a FOCUS bill; one of the same name is replaced");
        endpoints.MapGet("/api/v1/costs/bills", (HttpRequest request, LedgerReader ledger, CallerAccess access, BillStore bills, CancellationToken ct) =>
                CostEndpoints.AnswerAsync(request, ledger, access, async clusters => clusters is null
                    ? Results.Json(new { items = await bills.ListAsync(ct) })
                    : CallerResults.Problem(StatusCodes.Status403Forbidden, "bills are of all clusters, and you may see the costs of some"), ct))
            .WithTags("costs").WithSummary("Bills that costs are adjusted by");
        endpoints.MapDelete("/api/v1/costs/bills/{name}", (string name, HttpRequest request, LedgerReader ledger, CallerAccess access, BillStore bills, CancellationToken ct) =>
                CostEndpoints.AnswerAsync(request, ledger, access, async _ =>
                {
                    await ChangingAsync(request, access, ct);
                    return await bills.RemoveAsync(name, ct) ? Results.NoContent() : CallerResults.Problem(StatusCodes.Status404NotFound, "there is no bill of this name");
                }, ct))
            .WithTags("costs").WithSummary("Take back what a bill made of costs");
        return endpoints;
    }

    [GeneratedRegex("^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    /// <exception cref="AccessRefusedException">The caller may not change the costs of all clusters, which is what a bill does.</exception>
    private static async Task<Caller> ChangingAsync(HttpRequest request, CallerAccess access, CancellationToken ct)
    {
        var change = new AccessQuestion("patch", FleetKinds.ClusterDeployments.Kind, "", Subresource: "costs");
        var caller = await access.WhoAsync(request, fresh: true, ct) ?? new Caller("", null, []);
        return caller.Name.Length > 0 && await access.MayAsync(caller, change, fresh: true, ct) ? caller : throw new AccessRefusedException(caller, change);
    }

    private static async Task<IResult> ImportAsync(string name, Caller caller, Compared compared, BillStore bills, TimeProvider clock, CancellationToken ct)
    {
        var (bill, found, listed) = compared;
        if (bill.Currency is not { } currency)
            return CallerResults.Problem(StatusCodes.Status400BadRequest, "the bill has no row in the window");
        var adjustments = BillAdjustment.Of(found, listed, out var unapplied);
        var kept = new ImportedBill(
            name, currency, bill.Window.Start, bill.Window.End, clock.GetUtcNow(), caller.Name, bill.Rows, found.ListCost, found.EffectiveCost, adjustments.Sum(one => one.Amount),
            found.UnmatchedBill.Sum(one => one.EffectiveCost), unapplied);
        return await bills.SaveAsync(kept, adjustments, ct) is { } other
            ? CallerResults.Problem(StatusCodes.Status409Conflict, $"bill {other} tells of the same costs already: take it back first")
            : Results.Json(View(compared, kept));
    }

    private static async Task<IResult> ReadBillAsync(
        HttpRequest request, LedgerReader ledger, TimeProvider clock, BillTurns turns, IReadOnlyCollection<string>? clusters, Func<Compared, Task<IResult>> answer, CancellationToken ct)
    {
        var (query, currency) = Read(request, clock.GetUtcNow());
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = MostBytes;
        if (!await turns.EnterAsync(ct))
            return CallerResults.Problem(StatusCodes.Status429TooManyRequests, "other bills are being read: try again in a minute");
        try
        {
            var bill = await BillAsync(request, query, currency, ct);
            var listed = await ListedAsync(ledger, query, bill.Currency, clusters, ct);
            return await answer(new(bill, Reconciler.Compare(bill, listed), listed));
        }
        catch (BadHttpRequestException e)
        {
            return CallerResults.Problem(e.StatusCode, e.StatusCode == StatusCodes.Status413PayloadTooLarge ? $"a bill has at most {MostBytes} bytes: send it in parts" : "the bill did not come whole");
        }
        finally
        {
            turns.Leave();
        }
    }

    private static (FocusQuery Query, string? Currency) Read(HttpRequest request, DateTimeOffset now)
    {
        var currency = request.Query["currency"].ToString();
        return (FocusQuery.Read(request.Query.Where(parameter => parameter.Key != "currency"), now) with { IsHourly = false }, currency.Length > 0 ? currency : null);
    }

    /// <summary>Through a file, since a bill is longer than memory and readers of rows do not wait.</summary>
    private static async Task<BillTotals> BillAsync(HttpRequest request, FocusQuery query, string? currency, CancellationToken ct)
    {
        await using var file = new FileStream(
            Path.Combine(Path.GetTempPath(), $"fleet-bill-{Guid.NewGuid():n}"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose | FileOptions.Asynchronous);
        await request.Body.CopyToAsync(file, ct);
        file.Position = 0;
        using var reader = new StreamReader(file);
        return await Task.Run(() => BillTotals.Of(query.Format == FocusFormat.Csv ? FocusCsv.Open(reader) : FocusJsonLines.Open(reader), query.Window, currency), ct);
    }

    private static async Task<List<ListedAsset>> ListedAsync(LedgerReader ledger, FocusQuery query, string? currency, IReadOnlyCollection<string>? clusters, CancellationToken ct)
    {
        var listed = new List<ListedAsset>();
        foreach (var set in await ledger.ReadAsync(query.Window, query.Step, clusters, ct, LedgerDetail.Assets, atListPrice: true))
            if (set.Assets.Currency == currency)
                listed.AddRange(ListedAsset.Of(set.Assets));
        return listed;
    }

    private sealed record Compared(BillTotals Bill, Reconciliation Found, IReadOnlyList<ListedAsset> Listed);

    private static object View(Compared compared, ImportedBill? imported = null) => View(compared.Bill, compared.Found, imported);

    private static object View(BillTotals bill, Reconciliation found, ImportedBill? imported) => new
    {
        imported,
        currency = found.Currency,
        window = new { start = bill.Window.Start, end = bill.Window.End },
        rows = bill.Rows,
        rowsOutside = bill.Outside,
        listCost = found.ListCost,
        effectiveCost = found.EffectiveCost,
        matched = found.Resources.Count,
        items = found.Resources.Take(MostItems).Select(one => new
        {
            one.ResourceId, one.Cluster, one.Kind, one.Name, one.Services, one.ListCost, one.EffectiveCost, one.Adjustment, one.Factor,
            days = one.Days.Select(day => new { date = day.Day, day.ListCost, day.EffectiveCost }),
        }),
        unmatchedBill = new
        {
            effectiveCost = found.UnmatchedBill.Sum(one => one.EffectiveCost), count = found.UnmatchedBill.Count,
            items = found.UnmatchedBill.Take(MostItems).Select(one => new { one.ResourceId, one.Service, one.EffectiveCost }),
        },
        unmatchedList = new
        {
            listCost = found.UnmatchedList.Sum(one => one.ListCost), count = found.UnmatchedList.Count,
            items = found.UnmatchedList.Take(MostItems).Select(one => new { one.Cluster, one.Kind, one.Name, one.ProviderId, one.ListCost }),
        },
    };
}

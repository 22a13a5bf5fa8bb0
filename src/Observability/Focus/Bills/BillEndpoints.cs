using Fleet.Control.Access;
using Fleet.Cost.Focus;
using Fleet.Cost.Focus.Bills;
using Fleet.Observability.Costs;
using Fleet.Observability.Ledger;
using Microsoft.AspNetCore.Http.Features;

namespace Fleet.Observability.Focus.Bills;

/// <summary>A provider's bill beside list prices. Nothing of it is kept.</summary>
internal static class BillEndpoints
{
    /// <summary>Bills of months are large; what is longer is sent in parts.</summary>
    private const long MostBytes = 2L << 30;

    /// <summary>Of each list; the sums are of all.</summary>
    private const int MostItems = 5000;

    public static IEndpointRouteBuilder MapBills(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/api/v1/costs/reconcile", (HttpRequest request, LedgerReader ledger, CallerAccess access, TimeProvider clock, BillTurns turns, CancellationToken ct) =>
                CostEndpoints.AnswerAsync(request, ledger, access, async clusters =>
                {
                    var (query, currency) = Read(request, clock.GetUtcNow());
                    if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
                        limit.MaxRequestBodySize = MostBytes;
                    if (!await turns.EnterAsync(ct))
                        return CallerResults.Problem(StatusCodes.Status429TooManyRequests, "other bills are being read: try again in a minute");
                    try
                    {
                        var bill = await BillAsync(request, query, currency, ct);
                        return Results.Json(View(bill, Reconciler.Compare(bill, await ListedAsync(ledger, query, bill.Currency, clusters, ct))));
                    }
                    catch (BadHttpRequestException e)
                    {
                        return CallerResults.Problem(e.StatusCode, e.StatusCode == StatusCodes.Status413PayloadTooLarge ? $"a bill has at most {MostBytes} bytes: send it in parts" : "the bill did not come whole");
                    }
                    finally
                    {
                        turns.Leave();
                    }
                }, ct))
            .WithTags("costs").WithSummary("Compare a FOCUS bill with list prices, by resource, service and day");
        return endpoints;
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
        foreach (var set in await ledger.ReadAsync(query.Window, query.Step, clusters, ct, LedgerDetail.Assets))
            if (set.Assets.Currency == currency)
                listed.AddRange(ListedAsset.Of(set.Assets));
        return listed;
    }

    private static object View(BillTotals bill, Reconciliation found) => new
    {
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

using Fleet.Control.Access;
using Fleet.Cost.Focus;
using Fleet.Observability.Costs;
using Fleet.Observability.Ledger;

namespace Fleet.Observability.Focus;

/// <summary>The ledger as a FOCUS file. Rights are those of <c>/allocation</c>.</summary>
internal static class FocusEndpoints
{
    /// <summary>Who bills whom, when nothing else is said.</summary>
    public static FocusExportSettings Settings { get; } = new() { BillingAccountId = "fleet", BillingAccountName = "Fleet", InvoiceIssuerName = "Fleet" };

    public static IEndpointRouteBuilder MapFocus(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/api/v1/costs/focus", (HttpRequest request, FocusLedger focus, LedgerReader ledger, CallerAccess access, TimeProvider clock, CancellationToken ct) =>
                CostEndpoints.AnswerAsync(request, ledger, access, async clusters =>
                {
                    var query = FocusQuery.Read(request.Query, clock.GetUtcNow());
                    var parts = focus.ReadAsync(query, Settings with { Version = query.Version }, clusters, ct).GetAsyncEnumerator(ct);
                    // A ledger that is away is told by the status; when it goes later, the connection breaks, so that half a file is never taken for a whole one.
                    var isFirst = await parts.MoveNextAsync();
                    return Results.Stream(stream => FocusFile.WriteAsync(stream, Rest(parts, isFirst), query, ct), FocusFile.MediaType(query.Format), query.FileName);
                }, ct))
            .WithTags("costs").WithSummary("Costs by hour or day as FOCUS 1.2, as CSV or JSON lines")
            .Produces(StatusCodes.Status200OK, contentType: "text/csv", additionalContentTypes: "application/x-ndjson");
        return endpoints;
    }

    private static async IAsyncEnumerable<FocusPart> Rest(IAsyncEnumerator<FocusPart> parts, bool isFirst)
    {
        await using (parts)
            for (var more = isFirst; more; more = await parts.MoveNextAsync())
                yield return parts.Current;
    }
}

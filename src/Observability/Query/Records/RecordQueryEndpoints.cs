using System.Data.Common;
using Fleet.Control.Access;

namespace Fleet.Observability.Query.Records;

/// <summary><c>/api/v1/logs</c>, <c>/api/v1/traces</c> and what belongs to an object and a time.</summary>
internal static class RecordQueryEndpoints
{
    public static IEndpointRouteBuilder MapRecordQueries(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/api/v1/logs", (HttpRequest request, TelemetryCall call, RecordReader records, TimeProvider clock, CancellationToken ct) =>
            {
                QueryParameters given = null!;
                return call.AnswerAsync(
                    request,
                    () => (given = LogQuery.Parameters(request.Query)).Cluster(),
                    async scope => Results.Json(LogListResponse.From(await records.LogsAsync(LogQuery.Read(given, scope, clock.GetUtcNow()), ct)), RecordJson.Default.LogListResponse),
                    ct);
            })
            .WithTags("telemetry").WithSummary("Logs of the clusters, newest first");
        endpoints.MapGet("/api/v1/traces", (HttpRequest request, TelemetryCall call, RecordReader records, TimeProvider clock, CancellationToken ct) =>
            {
                QueryParameters given = null!;
                return call.AnswerAsync(
                    request,
                    () => (given = TraceQuery.Parameters(request.Query)).Cluster(),
                    async scope => Results.Json(TraceListResponse.From(await records.TracesAsync(TraceQuery.Read(given, scope, clock.GetUtcNow()), ct)), RecordJson.Default.TraceListResponse),
                    ct);
            })
            .WithTags("telemetry").WithSummary("Traces with a span to which the filters apply, newest first");
        endpoints.MapGet("/api/v1/traces/{id}", (string id, HttpRequest request, TelemetryCall call, RecordReader records, CancellationToken ct) =>
                call.AnswerAsync(
                    request,
                    () => new QueryParameters(request.Query, "cluster").Cluster(),
                    async scope => (await records.SpansAsync(LogQuery.Trace(id), scope, ct)) is { Items.Count: > 0 } page
                        ? Results.Json(new TraceSpansResponse(id.ToLowerInvariant(), [.. page.Items.Select(SpanResponse.From)], page.Next is not null), RecordJson.Default.TraceSpansResponse)
                        : CallerResults.Problem(StatusCodes.Status404NotFound, "no span of that trace is known in the clusters that you may see"),
                    ct))
            .WithTags("telemetry").WithSummary("All spans of a trace");
        endpoints.MapGet("/api/v1/related", (HttpRequest request, TelemetryCall call, RelatedReader related, TimeProvider clock, CancellationToken ct) =>
            {
                QueryParameters given = null!;
                return call.AnswerAsync(
                    request,
                    () => (given = RelatedReader.Parameters(request.Query)).Cluster() ?? throw new TelemetryQueryException("cluster is needed"),
                    async (scope, access, caller) =>
                    {
                        try
                        {
                            var withEvents = await RelatedReader.MayListEventsAsync(access, caller, scope.Cluster!.Value, ct);
                            return Results.Json(await related.ReadAsync(given, scope, withEvents, clock.GetUtcNow(), ct), RecordJson.Default.RelatedResponse);
                        }
                        catch (Exception e) when (e is DbException or InvalidOperationException or TimeoutException)
                        {
                            throw new TelemetryUnavailableException("the history database does not answer", e);
                        }
                    },
                    ct);
            })
            .WithTags("telemetry").WithSummary("Events, logs and traces of an object of a cluster and a time");
        return endpoints;
    }
}

using System.Globalization;
using Fleet.Observability.Ingest.Intake;
using Fleet.Observability.Ingest.Otlp.Messages;
using Fleet.Observability.Ingest.Records;
using Fleet.Observability.Ingest.Samples;
using Google.Protobuf;

namespace Fleet.Observability.Ingest.Otlp;

/// <summary>OTLP/HTTP: <c>POST /v1/metrics</c>, <c>/v1/logs</c>, <c>/v1/traces</c>. 200 also when a part was refused, which partialSuccess then says; errors are google.rpc.Status in the sender's encoding.</summary>
public static class OtlpEndpoints
{
    public static IEndpointRouteBuilder MapOtlpMetrics(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/v1/metrics", (HttpContext context, IngestCall call, SampleIntake intake, IngestMetrics metrics) =>
            TakeAsync(context, call, metrics, ExportMetricsRequest.Parser, async (cluster, request) =>
            {
                var result = await intake.AcceptAsync(cluster, accepted =>
                {
                    using var samples = new MetricSamples(accepted);
                    samples.Read(request);
                });
                return result.Refusals.Total == 0
                    ? new ExportMetricsResponse()
                    : new ExportMetricsResponse { PartialSuccess = new() { RejectedDataPoints = result.Refusals.Total, ErrorMessage = result.Refusals.ToString() } };
            })).ExcludeFromDescription();
        return endpoints;
    }

    public static IEndpointRouteBuilder MapOtlpRecords(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/v1/logs", (HttpContext context, IngestCall call, RecordIntake intake, IngestMetrics metrics) =>
            TakeAsync(context, call, metrics, ExportLogsRequest.Parser, async (cluster, request) =>
            {
                var refusals = await intake.AcceptAsync(cluster, request, context.RequestAborted);
                return refusals.Total == 0
                    ? new ExportLogsResponse()
                    : new ExportLogsResponse { PartialSuccess = new() { RejectedLogRecords = refusals.Total, ErrorMessage = refusals.ToString() } };
            }, OtlpIds.FromJson)).ExcludeFromDescription();
        endpoints.MapPost("/v1/traces", (HttpContext context, IngestCall call, RecordIntake intake, IngestMetrics metrics) =>
            TakeAsync(context, call, metrics, ExportTracesRequest.Parser, async (cluster, request) =>
            {
                var refusals = await intake.AcceptAsync(cluster, request, context.RequestAborted);
                return refusals.Total == 0
                    ? new ExportTracesResponse()
                    : new ExportTracesResponse { PartialSuccess = new() { RejectedSpans = refusals.Total, ErrorMessage = refusals.ToString() } };
            }, OtlpIds.FromJson)).ExcludeFromDescription();
        return endpoints;
    }

    /// <param name="fromJson">What a message that was JSON still needs.</param>
    private static async Task TakeAsync<T>(
        HttpContext context, IngestCall call, IngestMetrics metrics, MessageParser<T> parser, Func<ClusterIdentity, T, Task<IMessage>> take, Action<T>? fromJson = null)
        where T : class, IMessage<T>, new()
    {
        var content = OtlpContent.Of(context.Request.ContentType, context.Request.Headers.ContentEncoding);
        IMessage? taken = null;
        IngestAnswer answer;
        try
        {
            answer = content is null
                ? new(StatusCodes.Status415UnsupportedMediaType, "Content-Type must be application/x-protobuf or application/json, Content-Encoding gzip or none")
                : await call.AnswerAsync(
                    context,
                    async (cluster, body) =>
                    {
                        var request = content.Read(body, parser);
                        if (content.IsJson)
                            fromJson?.Invoke(request);
                        taken = await take(cluster, request);
                        return new(StatusCodes.Status200OK, null);
                    },
                    body => (long)OtlpContent.MemoryFactor * content.DecodedLength(body),
                    context.RequestAborted);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        metrics.Answered("otlp", answer.Status);
        var response = context.Response;
        response.StatusCode = answer.Status;
        if (answer.RetryAfter is { } seconds)
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        content ??= new(IsJson: true, IsCompressed: false);
        response.ContentType = content.ContentType;
        var bytes = content.Write(answer.Status == StatusCodes.Status200OK ? taken! : new Status { Message = answer.Detail ?? "" });
        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes, context.RequestAborted);
    }
}

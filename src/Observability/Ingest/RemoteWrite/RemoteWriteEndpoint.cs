using System.Globalization;
using Fleet.Observability.Ingest.Intake;
using Fleet.Observability.Ingest.Wire;

namespace Fleet.Observability.Ingest.RemoteWrite;

/// <summary><c>POST /api/v1/write</c>: Prometheus remote write 1.0 and 2.0.</summary>
public static class RemoteWriteEndpoint
{
    public static IEndpointRouteBuilder MapRemoteWrite(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/api/v1/write", WriteAsync).ExcludeFromDescription();
        return endpoints;
    }

    private static async Task WriteAsync(HttpContext context, IngestCall call, SampleIntake intake, IngestMetrics metrics)
    {
        var protocol = WriteContent.ProtocolOf(context.Request.ContentType, context.Request.Headers.ContentEncoding, out var reason);
        IngestAnswer answer;
        try
        {
            answer = protocol is null
                ? new(StatusCodes.Status415UnsupportedMediaType, reason)
                : await call.AnswerAsync(
                    context,
                    async (cluster, body) =>
                    {
                        using var payload = SnappyBlock.Decode(body.Span, intake.Limits.DecodedBytes);
                        var result = await intake.AcceptAsync(cluster, accepted =>
                        {
                            if (protocol == WriteProtocol.V2)
                                WriteRequestV2.Read(payload.Span, accepted);
                            else
                                WriteRequestV1.Read(payload.Span, accepted);
                        });
                        return new(result.Refusals.Total == 0 ? StatusCodes.Status204NoContent : StatusCodes.Status400BadRequest, result.Refusals.ToString()) { Result = result };
                    },
                    // Decoded, as it goes on, and compressed for the queue.
                    body => 3 * Math.Min(SnappyBlock.DecodedLength(body.Span), intake.Limits.DecodedBytes),
                    context.RequestAborted);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        metrics.Answered(protocol == WriteProtocol.V2 ? "remote_write_2" : "remote_write_1", answer.Status);
        await SendAsync(context.Response, answer, protocol);
    }

    private static async Task SendAsync(HttpResponse response, IngestAnswer answer, WriteProtocol? protocol)
    {
        response.StatusCode = answer.Status;
        if (answer.RetryAfter is { } seconds)
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        if (protocol == WriteProtocol.V2)
        {
            // Also when nothing was written: without these headers a 2.0 sender takes the receiver for an older one.
            response.Headers["X-Prometheus-Remote-Write-Samples-Written"] = Text(answer.Result?.Samples);
            response.Headers["X-Prometheus-Remote-Write-Histograms-Written"] = Text(answer.Result?.Histograms);
            response.Headers["X-Prometheus-Remote-Write-Exemplars-Written"] = Text(answer.Result?.Exemplars);
        }
        if (answer.Status == StatusCodes.Status204NoContent)
            return;
        response.ContentType = "text/plain; charset=utf-8";
        await response.WriteAsync(answer.Detail + "\n", response.HttpContext.RequestAborted);
    }

    private static string Text(int? count) => (count ?? 0).ToString(CultureInfo.InvariantCulture);
}

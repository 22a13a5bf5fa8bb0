using System.Globalization;
using Fleet.Observability.Ingest;
using Fleet.Observability.Ingest.Intake;
using Fleet.Observability.Ingest.Samples;
using Fleet.Observability.Ingest.Wire;

namespace Fleet.Observability.Collection.Agents;

/// <summary>
/// <c>POST /api/v1/looks</c>: a look of an agent at its cluster, JSON with gzip, by the cluster's telemetry token. 204 when it counts; what is refused is 4xx, what may come again 429 or 503 with Retry-After.
/// </summary>
public static class LookEndpoint
{
    public const string Path = "/api/v1/looks";

    /// <summary>What the sender's clock says when it sends, in milliseconds since 1970.</summary>
    public const string SentHeader = "X-Fleet-Sent-At";

    /// <summary>Rows take about that much more than their JSON.</summary>
    private const int MemoryFactor = 3;

    public static IEndpointRouteBuilder MapLooks(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost(Path, (Delegate)TakeAsync).ExcludeFromDescription();
        return endpoints;
    }

    private static async Task<IResult> TakeAsync(HttpContext context, IngestCall call, IServiceProvider services, IngestMetrics metrics, TimeProvider clock)
    {
        var desk = services.GetRequiredService<LookDesk>();
        var request = context.Request;
        IngestAnswer answer;
        try
        {
            answer = request.ContentType != "application/json" || request.Headers.ContentEncoding != "gzip"
                ? new(StatusCodes.Status415UnsupportedMediaType, "Content-Type must be application/json, Content-Encoding gzip")
                : await call.AnswerAsync(
                    context,
                    async (cluster, body) => await OfferAsync(desk, cluster, body.Span.ToArray(), OffsetOf(request, clock), context.RequestAborted),
                    body => (long)MemoryFactor * LookBody.DecodedLength(body),
                    context.RequestAborted);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            return Results.Empty;
        }
        metrics.Answered("look", answer.Status);
        if (answer.RetryAfter is { } seconds)
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return answer.Status == StatusCodes.Status204NoContent ? Results.NoContent() : Results.Problem(answer.Detail, statusCode: answer.Status);
    }

    private static async Task<IngestAnswer> OfferAsync(LookDesk desk, ClusterIdentity cluster, byte[] body, TimeSpan offset, CancellationToken ct)
    {
        var document = await LookBody.ReadAsync(body);
        if (LookRules.Objection(document) is { } objection)
            return new(StatusCodes.Status400BadRequest, objection);
        return await desk.OfferAsync(cluster, document, offset, body, ct) == LookVerdict.Taken
            ? new(StatusCodes.Status204NoContent, null)
            : new(StatusCodes.Status409Conflict, $"{cluster} is not looked at by its agent: its ClusterDeployment has no annotation {CollectionMode.Annotation}=agent");
    }

    /// <summary>How far the sender's clock is ahead of ours; what a request takes on its way is nothing beside what counts.</summary>
    private static TimeSpan OffsetOf(HttpRequest request, TimeProvider clock)
    {
        if (!long.TryParse(request.Headers[SentHeader], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var sent) || Math.Abs(sent) > 32_503_680_000_000)
            throw new MalformedPayloadException($"{SentHeader} must be the time of sending in milliseconds since 1970");
        return ClusterLooker.Ahead(DateTimeOffset.FromUnixTimeMilliseconds(sent) - clock.GetUtcNow());
    }
}

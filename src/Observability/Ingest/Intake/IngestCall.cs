using Fleet.Control.Queueing;
using Fleet.Observability.Ingest.Queue;
using Fleet.Observability.Ingest.Samples;
using Fleet.Observability.Ingest.Tokens;
using Fleet.Observability.Ingest.Wire;

namespace Fleet.Observability.Ingest.Intake;

/// <summary>
/// What every way in has in common: whose request it is, whether it may come now, its body within limits, and the status code for each kind of trouble. 401, 4xx for what
/// will never be taken, 429 and 503 with Retry-After for what may come again.
/// </summary>
public sealed class IngestCall(ITokenDirectory tokens, ClusterIntakes clusters, IntakeOptions options, IJitterSource jitter, TimeProvider clock)
{
    private readonly MemoryShare memory = new(options.MemoryBytes);

    /// <param name="answer">Gets the cluster and the body as it came; says what to answer.</param>
    /// <param name="weigh">How much memory the body will need besides itself.</param>
    internal async Task<IngestAnswer> AnswerAsync(
        HttpContext context, Func<ClusterIdentity, PooledBytes, Task<IngestAnswer>> answer, Func<ReadOnlyMemory<byte>, long> weigh, CancellationToken ct)
    {
        if (!tokens.IsReady)
            return Later(StatusCodes.Status503ServiceUnavailable, "the tokens have not been read yet", null);
        if (TelemetryToken.Parse(context.Request.Headers.Authorization) is not { } token || tokens.Find(token) is not { } cluster)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return new(StatusCodes.Status401Unauthorized, "a telemetry token of a cluster is needed");
        }
        if (clusters.Of(cluster).Delay(clock.GetUtcNow()) is { } delay)
            return Later(StatusCodes.Status429TooManyRequests, $"{cluster} sends more than {options.SamplesPerSecond} samples and records a second", delay);

        var limits = options.Limits;
        var announced = context.Request.ContentLength ?? limits.CompressedBytes;
        if (announced > limits.CompressedBytes)
            return TooLarge(limits);
        using var first = memory.Take(announced);
        if (first is null)
            return Busy();
        try
        {
            using var body = new PooledBytes((int)Math.Min(announced, 64 * 1024));
            if (!await ReadAsync(context.Request, body, limits.CompressedBytes, ct))
                return TooLarge(limits);
            using var second = memory.Take(weigh(body.Memory));
            return second is null ? Busy() : await answer(cluster, body);
        }
        catch (MalformedPayloadException failure)
        {
            return new(StatusCodes.Status400BadRequest, failure.Message);
        }
        catch (PayloadTooLargeException failure)
        {
            return new(StatusCodes.Status413PayloadTooLarge, failure.Message);
        }
        catch (QueueUnavailableException failure)
        {
            return Later(StatusCodes.Status503ServiceUnavailable, failure.Message, null);
        }
        catch (BadHttpRequestException failure)
        {
            return new(failure.StatusCode, "the body cannot be read");
        }
    }

    private static async Task<bool> ReadAsync(HttpRequest request, PooledBytes body, int limit, CancellationToken ct)
    {
        int count;
        while ((count = await request.Body.ReadAsync(body.GetMemory(16 * 1024), ct)) > 0)
        {
            body.Advance(count);
            if (body.Length > limit)
                return false;
        }
        return true;
    }

    private static IngestAnswer TooLarge(SampleLimits limits) => new(StatusCodes.Status413PayloadTooLarge, $"a body may have {limits.CompressedBytes} bytes");

    private IngestAnswer Busy() => Later(StatusCodes.Status503ServiceUnavailable, "too many requests are being worked on", null);

    /// <summary>By chance from 1 to 5 seconds, so that those who are sent away do not come back together.</summary>
    private IngestAnswer Later(int status, string detail, TimeSpan? delay) =>
        new(status, detail) { RetryAfter = (int)Math.Ceiling((delay ?? TimeSpan.FromSeconds(1)).TotalSeconds + (4 * jitter.Next())) };
}

/// <summary>An answer to a sender; the detail is for people.</summary>
internal sealed record IngestAnswer(int Status, string? Detail)
{
    /// <summary>Seconds.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>What was taken, when something was; null when nothing was looked at.</summary>
    public IntakeResult? Result { get; init; }
}

using System.Globalization;
using System.Net;
using Fleet.Control.Certificates;
using Fleet.Observability.Ingest.Stores;

namespace Fleet.Observability.Ingest.Forwarding;

/// <summary>Posts finished requests to one receiver and says what its answers mean. What it says is read by whoever asks for it, never logged.</summary>
internal sealed class HttpTarget(TargetOptions options, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(5);

    private readonly HttpClient client = new(Handler(options.CaFile)) { Timeout = options.Timeout };

    /// <summary>Given what the receiver's clock says with each answer.</summary>
    public Action<DateTimeOffset>? Told { get; init; }

    /// <param name="describe">Sets the headers.</param>
    /// <param name="read">Reads the answer to what was taken.</param>
    public async Task<StoreAnswer> PostAsync(
        ReadOnlyMemory<byte> body, Action<HttpRequestMessage> describe, CancellationToken ct, Func<HttpResponseMessage, CancellationToken, Task>? read = null)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, options.Address) { Content = new ReadOnlyMemoryContent(body) };
            describe(request);
            if (options.TokenFile is { } file)
                request.Headers.Authorization = new("Bearer", (await File.ReadAllTextAsync(file, ct)).Trim());
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            if (response.Headers.Date is { } date)
                Told?.Invoke(date);
            var status = (int)response.StatusCode;
            var verdict = StoreAnswer.Judge(status);
            if (verdict == StoreVerdict.Accepted && read is not null)
                await read(response, ct);
            return new StoreAnswer(verdict, status.ToString(CultureInfo.InvariantCulture), RetryAfter(response));
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new StoreAnswer(StoreVerdict.Unavailable, "timeout");
        }
        catch (HttpRequestException failure)
        {
            return new StoreAnswer(StoreVerdict.Unavailable, failure.HttpRequestError.ToString());
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new StoreAnswer(StoreVerdict.Unavailable, "token file");
        }
        catch (FormatException)
        {
            // What is in the token file can be no header.
            return new StoreAnswer(StoreVerdict.Unavailable, "token file");
        }
    }

    public void Dispose() => client.Dispose();

    private static SocketsHttpHandler Handler(string? caFile)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) };
        if (caFile is not null)
            handler.SslOptions.CertificateChainPolicy = TrustedRoots.Of(caFile);
        return handler;
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        if (response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable) || response.Headers.RetryAfter is not { } after)
            return null;
        var delay = after.Delta ?? after.Date - clock.GetUtcNow();
        return delay is not { } wait || wait < TimeSpan.Zero ? null : wait < LongestRetryAfter ? wait : LongestRetryAfter;
    }
}

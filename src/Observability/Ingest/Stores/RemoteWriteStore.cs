using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Fleet.Observability.Ingest.Stores;

/// <summary>Sends WriteRequests to the store, one at a time.</summary>
internal sealed class RemoteWriteStore(StoreOptions options, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(5);

    private readonly HttpClient client = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = options.Timeout,
    };

    /// <param name="block">A WriteRequest as a Snappy block.</param>
    public async Task<StoreAnswer> SendAsync(ReadOnlyMemory<byte> block, CancellationToken ct)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, options.WriteAddress) { Content = new ReadOnlyMemoryContent(block) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
            request.Content.Headers.ContentEncoding.Add("snappy");
            request.Headers.Add("X-Prometheus-Remote-Write-Version", "0.1.0");
            request.Headers.UserAgent.ParseAdd("fleet-observability");
            if (options.TokenFile is { } file)
                request.Headers.Authorization = new("Bearer", (await File.ReadAllTextAsync(file, ct)).Trim());
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            var status = (int)response.StatusCode;
            return new StoreAnswer(StoreAnswer.Judge(status), status.ToString(CultureInfo.InvariantCulture), RetryAfter(response));
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
    }

    public void Dispose() => client.Dispose();

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        if (response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable) || response.Headers.RetryAfter is not { } after)
            return null;
        var delay = after.Delta ?? after.Date - clock.GetUtcNow();
        return delay is not { } wait || wait < TimeSpan.Zero ? null : wait < LongestRetryAfter ? wait : LongestRetryAfter;
    }
}

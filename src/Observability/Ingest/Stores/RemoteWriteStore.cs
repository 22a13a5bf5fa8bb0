using System.Net.Http.Headers;
using Fleet.Observability.Ingest.Forwarding;

namespace Fleet.Observability.Ingest.Stores;

/// <summary>Sends WriteRequests to the store, one at a time.</summary>
internal sealed class RemoteWriteStore(StoreOptions options, TimeProvider clock) : IDisposable
{
    private readonly HttpTarget target = new(new(options.WriteAddress) { TokenFile = options.TokenFile, CaFile = options.CaFile, Timeout = options.Timeout }, clock);

    /// <param name="block">A WriteRequest as a Snappy block.</param>
    public Task<StoreAnswer> SendAsync(ReadOnlyMemory<byte> block, CancellationToken ct) => target.PostAsync(
        block,
        request =>
        {
            request.Content!.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
            request.Content.Headers.ContentEncoding.Add("snappy");
            request.Headers.Add("X-Prometheus-Remote-Write-Version", "0.1.0");
            request.Headers.UserAgent.ParseAdd("fleet-observability");
        },
        ct);

    public void Dispose() => target.Dispose();
}

using System.Collections.Concurrent;
using System.IO.Compression;
using Microsoft.AspNetCore.Http;

namespace Fleet.Observability.Tests.Ingest;

/// <summary>A receiver of compressed posts.</summary>
public sealed class PeerReceiver : Peer<byte[]>
{
    /// <summary>Status code for the body, which is without compression; the default takes everything.</summary>
    public Func<byte[], HttpContext, int> Answer { get; set; } = (_, _) => 200;

    public ConcurrentQueue<string> Authorizations { get; } = new();

    public static async Task<PeerReceiver> StartAsync()
    {
        var peer = new PeerReceiver();
        await peer.ServeAsync("/take");
        return peer;
    }

    protected override async Task<IReadOnlyList<byte[]>> ReadAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await using (var gzip = new GZipStream(request.Body, CompressionMode.Decompress))
            await gzip.CopyToAsync(body);
        Authorizations.Enqueue(request.Headers.Authorization.ToString());
        return [body.ToArray()];
    }

    protected override Task<int> DecideAsync(IReadOnlyList<byte[]> sent, HttpContext context) => Task.FromResult(Answer(sent[0], context));
}

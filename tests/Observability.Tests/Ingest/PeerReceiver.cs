using System.Collections.Concurrent;
using System.IO.Compression;
using Fleet.Testing.Processes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Fleet.Observability.Tests.Ingest;

/// <summary>A receiver of posts on a real port that answers what the test says: for the moods that a real one has seldom.</summary>
public sealed class PeerReceiver : IAsyncDisposable
{
    private WebApplication application = null!;

    public Uri Address { get; private set; } = null!;

    /// <summary>Status code for the body, which is without compression; the default takes everything.</summary>
    public Func<byte[], HttpContext, int> Answer { get; set; } = (_, _) => 200;

    /// <summary>Bodies that were taken, in their order.</summary>
    public ConcurrentQueue<byte[]> Taken { get; } = new();

    public ConcurrentQueue<string> Authorizations { get; } = new();

    public static async Task<PeerReceiver> StartAsync()
    {
        var peer = new PeerReceiver();
        var port = FreePort.Next();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port));
        peer.application = builder.Build();
        peer.application.MapPost("/{**path}", (RequestDelegate)peer.TakeAsync);
        await peer.application.StartAsync();
        peer.Address = new Uri($"http://127.0.0.1:{port}/take");
        return peer;
    }

    public async Task UntilAsync(Func<bool> reached)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!reached())
        {
            if (limit.IsCancellationRequested)
                throw new TimeoutException($"not reached after 30 s: {Authorizations.Count} requests, {Taken.Count} taken");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await application.StopAsync();
        await application.DisposeAsync();
    }

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await using (var gzip = new GZipStream(context.Request.Body, CompressionMode.Decompress))
            await gzip.CopyToAsync(body);
        Authorizations.Enqueue(context.Request.Headers.Authorization.ToString());
        context.Response.StatusCode = Answer(body.ToArray(), context);
        if (context.Response.StatusCode < 300)
            Taken.Enqueue(body.ToArray());
    }
}

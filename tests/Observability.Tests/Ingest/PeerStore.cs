using System.Collections.Concurrent;
using Fleet.Testing.Processes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Fleet.Observability.Tests.Ingest;

/// <summary>A store on a real port that answers what the test says: for the moods that a real one has seldom.</summary>
public sealed class PeerStore : IAsyncDisposable
{
    private WebApplication application = null!;
    private int requests;

    public Uri Address { get; private set; } = null!;

    /// <summary>Status code for what was sent; the default takes everything.</summary>
    public Func<IReadOnlyList<Series>, HttpResponse, int> Answer { get; set; } = (_, _) => 204;

    /// <summary>No answer before it completes.</summary>
    public Task Before { get; set; } = Task.CompletedTask;

    /// <summary>Series of the requests that were taken.</summary>
    public ConcurrentQueue<Series> Taken { get; } = new();

    public int Requests => requests;

    public static async Task<PeerStore> StartAsync()
    {
        var peer = new PeerStore();
        var port = FreePort.Next();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port));
        peer.application = builder.Build();
        peer.application.MapPost("/api/v1/write", peer.TakeAsync);
        await peer.application.StartAsync();
        peer.Address = new Uri($"http://127.0.0.1:{port}/api/v1/write");
        return peer;
    }

    public async Task UntilAsync(Func<bool> reached)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!reached())
        {
            if (limit.IsCancellationRequested)
                throw new TimeoutException($"not reached after 30 s: {Requests} requests, {Taken.Count} series taken");
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
        await context.Request.Body.CopyToAsync(body);
        var series = WriteRequests.ReadBlock(body.ToArray());
        Interlocked.Increment(ref requests);
        await Before.WaitAsync(context.RequestAborted);
        context.Response.StatusCode = Answer(series, context.Response);
        if (context.Response.StatusCode < 300)
            foreach (var one in series)
                Taken.Enqueue(one);
    }
}

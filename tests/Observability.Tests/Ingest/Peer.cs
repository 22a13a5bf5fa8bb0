using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Fleet.Observability.Tests.Ingest;

/// <summary>Somebody on a real port who answers posts as the test says: for the moods that a real one has seldom.</summary>
public abstract class Peer<T> : IAsyncDisposable
{
    private WebApplication application = null!;
    private int requests;

    public Uri Address { get; private set; } = null!;

    /// <summary>What was taken, in its order.</summary>
    public ConcurrentQueue<T> Taken { get; } = new();

    public int Requests => requests;

    public async Task UntilAsync(Func<bool> reached)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        while (!reached())
        {
            if (limit.IsCancellationRequested)
                throw new TimeoutException($"not reached after 120 s: {Requests} requests, {Taken.Count} taken");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await application.StopAsync();
        await application.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <param name="path">Of <see cref="Address"/>; posts to any are answered.</param>
    protected async Task ServeAsync(string path)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        application = builder.Build();
        application.MapPost("/{**path}", (RequestDelegate)AnswerAsync);
        await application.StartAsync();
        Address = new Uri(new Uri(application.Urls.Single()), path);
    }

    /// <summary>What a body holds.</summary>
    protected abstract Task<IReadOnlyList<T>> ReadAsync(HttpRequest request);

    /// <summary>The status code for it.</summary>
    protected abstract Task<int> DecideAsync(IReadOnlyList<T> sent, HttpContext context);

    private async Task AnswerAsync(HttpContext context)
    {
        var sent = await ReadAsync(context.Request);
        Interlocked.Increment(ref requests);
        context.Response.StatusCode = await DecideAsync(sent, context);
        if (context.Response.StatusCode < 300)
            foreach (var one in sent)
                Taken.Enqueue(one);
    }
}

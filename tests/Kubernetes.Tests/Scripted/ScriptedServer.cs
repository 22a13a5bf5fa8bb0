using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Fleet.Kubernetes.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Fleet.Kubernetes.Tests.Scripted;

/// <summary>A real HTTP server that answers as the test says, in the order in which requests arrive, and remembers what it was asked.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly Func<HttpContext, Task> answer;

    private ScriptedServer(WebApplication app, Func<HttpContext, Task> answer) => (this.app, this.answer) = (app, answer);

    internal ConcurrentQueue<SeenRequest> Requests { get; } = new();

    internal Uri Address { get; private set; } = null!;

    internal static async Task<ScriptedServer> StartAsync(Func<HttpContext, Task> answer, Action<ListenOptions>? listen = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, o => listen?.Invoke(o)));
        if (listen is not null)
            builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Services.AddLogging(l => l.ClearProviders());
        var app = builder.Build();
        var server = new ScriptedServer(app, answer);
        app.Run(server.HandleAsync);
        await app.StartAsync();
        server.Address = new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return server;
    }

    /// <summary>One answer per request; the last one repeats.</summary>
    internal static Task<ScriptedServer> StartAsync(params Func<HttpContext, Task>[] answers)
    {
        var next = -1;
        return StartAsync(c => answers[Math.Min(Interlocked.Increment(ref next), answers.Length - 1)](c));
    }

    internal static Task<ScriptedServer> StartTlsAsync(Func<HttpContext, Task> answer, Action<HttpsConnectionAdapterOptions> tls)
        => StartAsync(answer, o => o.UseHttps(tls));

    internal KubernetesClient Client(KubernetesClientOptions? options = null, ClusterEndpoint? endpoint = null)
        => KubernetesClient.Create((endpoint ?? new ClusterEndpoint { Server = Address }) with { Server = Address }, options ?? new() { Jitter = () => 0 });

    private async Task HandleAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync();
        Requests.Enqueue(new(
            context.Request.Method, context.Request.Path + context.Request.QueryString, body,
            context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            context.Request.Protocol,
            context.Connection.ClientCertificate?.Subject));
        await answer(context);
    }

    public async ValueTask DisposeAsync()
    {
        // Watches that are still open must not hold the test up.
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await app.StopAsync(now.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await app.DisposeAsync();
    }
}

internal sealed record SeenRequest(string Method, string PathAndQuery, string Body, IReadOnlyDictionary<string, string> Headers, string Protocol, string? ClientCertificate);

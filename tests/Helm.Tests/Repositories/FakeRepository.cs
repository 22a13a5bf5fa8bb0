using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Fleet.Helm.Tests.Repositories;

/// <summary>A server on loopback whose every answer a test decides.</summary>
internal sealed class FakeRepository : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeRepository(Func<HttpContext, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(async context =>
        {
            Requests.Enqueue((context.Request.Path + context.Request.QueryString, context.Request.Headers.Authorization.ToString()));
            await answer(context);
        });
    }

    public ConcurrentQueue<(string Path, string Authorization)> Requests { get; } = new();

    public string Url => _app.Urls.First();

    public static async Task<FakeRepository> StartAsync(Func<HttpContext, Task> answer)
    {
        var repository = new FakeRepository(answer);
        await repository._app.StartAsync();
        return repository;
    }

    public int Count(string path) => Requests.Count(r => r.Path == path);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}

using Fleet.Kubernetes.Resources;
using Fleet.Observability.History;
using Fleet.Rest.Databases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Fleet.Integration.Tests.Observability;

/// <summary>Parts of Observability in this process, on a real PostgreSQL, with a client of their REST API.</summary>
internal sealed class ObservabilityHost : IAsyncDisposable
{
    private readonly WebApplication application;

    private ObservabilityHost(WebApplication application) => this.application = application;

    public IServiceProvider Services => application.Services;

    public HttpClient Http { get; } = new() { Timeout = TimeSpan.FromSeconds(30) };

    /// <param name="token">Whom the client is.</param>
    /// <param name="services">The parts; the management API, the clock and the database are there.</param>
    /// <param name="map">Their endpoints.</param>
    public static async Task<ObservabilityHost> StartAsync(
        IKubernetesClient management, string postgres, Func<Task<string>> token, Action<IServiceCollection> services, Action<WebApplication> map, TimeProvider? clock = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddProblemDetails();
        builder.Services.AddSingleton(clock ?? TimeProvider.System);
        builder.Services.AddSingleton(management);
        builder.Services.AddDbContextFactory<HistoryContext>(options => options.UseNpgsql(postgres));
        builder.Services.AddSingleton<MigratedContexts<HistoryContext>>();
        builder.Services.AddSingleton<EventStore>();
        services(builder.Services);
        var host = new ObservabilityHost(builder.Build());
        map(host.application);
        await host.application.StartAsync();
        host.Http.BaseAddress = new(host.application.Urls.First());
        host.Http.DefaultRequestHeaders.Authorization = new("Bearer", await token());
        return host;
    }

    /// <summary>As a program that is asked to end.</summary>
    public Task StopAsync() => application.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await application.DisposeAsync();
    }
}

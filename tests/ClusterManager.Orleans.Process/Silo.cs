using System.Net;
using Fleet.ClusterManager.Orleans;
using Fleet.Control.Grains;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fleet.ClusterManager.OrleansProcess;

/// <summary>A silo with Fleet's grains, as the services register it, and nothing else.</summary>
internal static class Silo
{
    /// <summary>Started; it ends with the process, or by its disposal.</summary>
    public static async Task<IHost> StartAsync(string database, int port, IGrainBehavior behavior, Action<IServiceCollection>? also = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        // Silos say much about each other when one is lost, which here is meant.
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Critical);
        builder.Services.AddSingleton(behavior);
        also?.Invoke(builder.Services);
        builder.Services.AddOrleansGrains(new() { Database = database, ClusterId = "test", Address = new IPEndPoint(IPAddress.Loopback, port) });
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    public static IGrainHost Grains(this IHost host) => host.Services.GetRequiredService<IGrainHost>();
}

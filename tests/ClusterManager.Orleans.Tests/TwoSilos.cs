using Fleet.ClusterManager.Orleans.Grains;
using Fleet.ClusterManager.OrleansProcess;
using Fleet.Control.Grains;
using Fleet.Control.Tests.Grains;
using Fleet.Testing.Processes;
using Fleet.Testing.Servers;
using Fleet.Testing.Time;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Fleet.ClusterManager.Orleans.Tests;

/// <summary>Two silos in this process on loopback ports, with a real PostgreSQL. Their grains do what the test at hand says; the time of grains' timers stands.</summary>
public sealed class TwoSilos : IAsyncLifetime
{
    private IHost? first;
    private IHost? second;

    internal ScriptedBehavior Behavior { get; } = new();

    public ManualTimeProvider Clock { get; } = new();

    public string Database { get; private set; } = "";

    internal IHost First => first!;

    internal IHost Second => second!;

    internal IGrainHost Host => First.Grains();

    public async ValueTask InitializeAsync()
    {
        Database = await (await PrivatePostgres.SharedAsync()).NewDatabaseAsync();
        // Together, as replicas start: the tables are made once.
        var silos = await Task.WhenAll(StartAsync(), StartAsync());
        (first, second) = (silos[0], silos[1]);
    }

    public async ValueTask DisposeAsync()
    {
        await second!.StopAsync();
        second.Dispose();
        await first!.StopAsync();
        first.Dispose();
    }

    internal Task<IHost> StartAsync() =>
        Silo.StartAsync(Database, FreePort.Next(), Behavior, services => services.AddSingleton(new GrainClock(Clock)));
}

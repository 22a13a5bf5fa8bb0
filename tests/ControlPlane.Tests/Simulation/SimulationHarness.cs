using System.Text.Json.Nodes;
using Fleet.ControlPlane.Hosting;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Simulation;
using Fleet.Kubernetes.Objects;
using Fleet.Testing.Time;

namespace Fleet.ControlPlane.Tests.Simulation;

/// <summary>A simulation on clusters in memory, with time that moves only when a test asks for a state to come about.</summary>
internal sealed class SimulationHarness : IAsyncDisposable
{
    private SimulationHarness(ManualTimeProvider clock, ClusterRegistry registry, FleetSimulation simulation)
    {
        Clock = clock;
        Registry = registry;
        Simulation = simulation;
    }

    public ManualTimeProvider Clock { get; }

    public ClusterRegistry Registry { get; }

    public FleetSimulation Simulation { get; private set; }

    public IClusterApi Management => Registry.Management;

    public static async Task<SimulationHarness> StartAsync(SimulationOptions? options = null)
    {
        var clock = new ManualTimeProvider();
        var registry = ClusterFactory.InMemory(clock);
        return new(clock, registry, await FleetSimulation.StartAsync(registry, options ?? new(), clock, null, CancellationToken.None));
    }

    /// <summary>Stops the controllers and starts them again on the same objects, as after a restart of the process that was away for some time.</summary>
    public async Task RestartAsync(TimeSpan away = default)
    {
        await Simulation.DisposeAsync();
        Clock.Advance(away);
        Simulation = await FleetSimulation.StartAsync(Registry, new(), Clock, null, CancellationToken.None);
    }

    public async Task<IClusterApi> ClusterAsync(int nodes = 3)
    {
        var api = await Simulation.StartClusterAsync("work", nodes, CancellationToken.None);
        await Simulation.WhenIdle();
        return api;
    }

    /// <summary>Moves time from due time to due time until the state holds; false when it does not within the limit.</summary>
    public async Task<bool> ComesTrueAsync(Func<bool> state, TimeSpan? within = null)
    {
        var end = Clock.GetUtcNow() + (within ?? TimeSpan.FromSeconds(60));
        while (true)
        {
            await Simulation.WhenIdle();
            if (state())
                return true;
            if (Simulation.Scheduler.NextDue is not { } due || due > end)
                return false;
            var step = due - Clock.GetUtcNow();
            Clock.Advance(step > TimeSpan.Zero ? step : TimeSpan.FromMilliseconds(1));
        }
    }

    public async Task UntilAsync(Func<bool> state, string what, TimeSpan? within = null) =>
        Assert.True(await ComesTrueAsync(state, within), $"never came true: {what}");

    /// <summary>Lets time pass, with everything that becomes due on the way.</summary>
    public Task PassAsync(TimeSpan time) => ComesTrueAsync(() => false, time);

    /// <summary>Creates from YAML, in the version that the document names.</summary>
    public static async Task ApplyAsync(IClusterApi api, string yaml)
    {
        foreach (var document in Kubernetes.Yaml.KubernetesYaml.ReadAll(yaml))
        {
            var kind = api.FindKind(GroupVersionKind.Parse((string)document["apiVersion"]!, (string)document["kind"]!));
            Assert.NotNull(kind);
            await api.CreateAsync(kind, document, CancellationToken.None);
        }
    }

    public static JsonObject? Get(IClusterApi api, string apiVersion, string kind, string @namespace, string name) =>
        api.FindKind(GroupVersionKind.Parse(apiVersion, kind)) is { } found ? api.Get(found, new(@namespace, name)) : null;

    public async ValueTask DisposeAsync() => await Simulation.DisposeAsync();
}

using Fleet.Contracts.CustomResourceDefinitions;
using Fleet.Control.Kinds;
using Fleet.ControlPlane.Hosting;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Simulation;
using Fleet.EndToEnd.Tests.Faults;
using Fleet.EndToEnd.Tests.Faults.Kills;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Testing.ApiServers;

namespace Fleet.EndToEnd.Tests.Drills;

/// <summary>
/// A management cluster with the simulated provider and Fleet's two managers. The clusters themselves are elsewhere: they go on when this one is destroyed, data and all.
/// </summary>
internal sealed class ManagementPlane : IAsyncDisposable
{
    private static readonly SimulationOptions Simulated = new()
    {
        SimulateManagementWorkloads = false,
        Parallelism = 8,
        Timings = new() { NetworkReady = TimeSpan.Zero, MachineBoot = TimeSpan.Zero, NodeJoin = TimeSpan.Zero, ImagePull = TimeSpan.Zero, ContainerReady = TimeSpan.Zero, PodGrace = TimeSpan.Zero, Deprovision = TimeSpan.Zero },
    };

    private readonly IAsyncDisposable server;
    private readonly FleetSimulation simulation;
    private readonly ManagerProcess clusters;
    private readonly ManagerProcess services;

    private ManagementPlane(IAsyncDisposable server, string kubeconfig, IKubernetesClient client, IClusterApi api, FleetSimulation simulation)
    {
        (this.server, KubeconfigPath, Client, Api, this.simulation) = (server, kubeconfig, client, api, simulation);
        (clusters, services) = (ManagerProcess.OfClusters(kubeconfig), ManagerProcess.OfServices(kubeconfig));
    }

    public string KubeconfigPath { get; }

    public IKubernetesClient Client { get; }

    /// <summary>As the providers see it.</summary>
    public IClusterApi Api { get; }

    /// <summary>With the kinds of Fleet and of Cluster API, and nothing else.</summary>
    /// <param name="server">As in <see cref="ApiServers"/>.</param>
    /// <param name="clouds">Where the clusters are.</param>
    public static async Task<ManagementPlane> StartAsync(string server, IClusterRegistry clouds)
    {
        IAsyncDisposable started;
        string kubeconfig;
        Func<IKubernetesClient, IClusterApi> api;
        if (server == "embedded")
        {
            var host = await ControlPlaneHost.StartAsync(new());
            (started, kubeconfig) = (host, host.KubeconfigPath);
            api = _ => host.Clusters.Management;
        }
        else
        {
            var real = await RealApiServer.StartAsync();
            (started, kubeconfig) = (real, real.KubeconfigPath);
            api = connected => new RemoteClusterApi(connected);
        }

        var client = FaultFleet.Connect(kubeconfig);
        var seen = api(client);
        var simulation = await FleetSimulation.StartAsync(new Elsewhere(seen, clouds), Simulated, TimeProvider.System, null, CancellationToken.None);
        foreach (var definition in CustomResourceDefinition.OfAllKinds())
            await client.Dynamic(CoreKinds.Definitions).CreateAsync(new(definition), CancellationToken.None);
        var plane = new ManagementPlane(started, kubeconfig, client, seen, simulation);
        foreach (var definition in CustomResourceDefinition.OfAllKinds())
            await FaultFleet.UntilAsync(async () => await plane.KindAsync((string)definition["spec"]!["group"]!, (string)definition["spec"]!["names"]!["kind"]!) is not null, "kinds are served");
        return plane;
    }

    public async Task StartManagersAsync()
    {
        await clusters.StartAsync();
        await services.StartAsync();
        await clusters.ReadyAsync();
        await services.ReadyAsync();
    }

    public async Task<ResourceKind?> KindAsync(string group, string kind)
    {
        foreach (var version in (string[])["v1", "v1beta2", "v1beta1"])
        {
            if (await Client.FindKindAsync(new(group, version, kind), CancellationToken.None) is { } found)
                return found;
        }

        return null;
    }

    public async Task<IReadOnlyList<DynamicObject>> ListAsync(string group, string kind, string? selector = null) =>
        (await Client.Dynamic((await KindAsync(group, kind))!).ListAsync(new() { Namespace = DrillStage.Team, LabelSelector = selector }, CancellationToken.None)).Items;

    /// <summary>Everything of it: processes, and what they had on disk. The clusters do not notice.</summary>
    public async ValueTask DisposeAsync()
    {
        await clusters.DisposeAsync();
        await services.DisposeAsync();
        await simulation.DisposeAsync();
        if (Api is IAsyncDisposable remote)
            await remote.DisposeAsync();
        Client.Dispose();
        await server.DisposeAsync();
    }

    /// <summary>This management cluster, with clusters that another process of the cloud serves.</summary>
    private sealed class Elsewhere(IClusterApi management, IClusterRegistry clouds) : IClusterRegistry
    {
        public IClusterApi Management => management;

        public IReadOnlyCollection<IClusterApi> Clusters => [management, .. clouds.Clusters.Where(cluster => cluster != clouds.Management)];

        public IClusterApi? Find(string name) => name == management.Name ? management : clouds.Find(name);

        public IClusterApi Add(string name) => clouds.Add(name);

        public bool Remove(string name) => clouds.Remove(name);

        public string AdminKubeconfig(string name) => clouds.AdminKubeconfig(name);
    }
}

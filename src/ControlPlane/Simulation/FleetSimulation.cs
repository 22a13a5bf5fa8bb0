using Fleet.ControlPlane.ClusterApi;
using Fleet.ControlPlane.ClusterApi.Definitions;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Simulation.Clusters;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.ControlPlane.Simulation.Scheduling;
using Fleet.Kubernetes.Resources;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.ControlPlane.Simulation;

/// <summary>
/// The local provider: simulated infrastructure for any provider's kinds, the Cluster API core in small, and the clusters behind them.
/// Started on a registry that serves already; disposing stops the controllers and leaves all objects as they are.
/// </summary>
public sealed class FleetSimulation : IAsyncDisposable
{
    private readonly LaneScheduler scheduler;
    private readonly SimulatedClusters clusters;
    private readonly CapiControllers controllers;

    private FleetSimulation(LaneScheduler scheduler, SimulatedClusters clusters, CapiControllers controllers)
    {
        this.scheduler = scheduler;
        this.clusters = clusters;
        this.controllers = controllers;
    }

    /// <summary>How many simulated clusters run.</summary>
    public int ClusterCount => clusters.Count;

    internal LaneScheduler Scheduler => scheduler;

    /// <summary>Answers metrics.k8s.io; needed before the API server starts.</summary>
    public static ISimulatedMetrics Metrics(TimeProvider clock) => new SimulatedMetrics(clock);

    /// <summary>Answers pods/log; needed before the API server starts.</summary>
    public static IPodLogs PodLogs(TimeProvider clock) => new SimulatedPodLogs(clock);

    /// <summary>Installs the CRDs of Cluster API and of the providers, then takes up work on everything that is there.</summary>
    public static async Task<FleetSimulation> StartAsync(
        IClusterRegistry registry, SimulationOptions options, TimeProvider clock, ILoggerFactory? logs, CancellationToken ct)
    {
        await InstallAsync(registry.Management, ct);
        var logger = (logs ?? NullLoggerFactory.Instance).CreateLogger<FleetSimulation>();
        var scheduler = new LaneScheduler(clock, options.Parallelism, logger);
        var clusters = new SimulatedClusters(registry, scheduler, options, clock);
        var controllers = new CapiControllers(new ManagementScope(registry, clusters, options, clock), scheduler);
        if (options.SimulateManagementWorkloads)
            clusters.Attach(registry.Management);
        controllers.Start();
        return new(scheduler, clusters, controllers);
    }

    /// <summary>A simulated cluster with nodes but without Cluster API objects. Idempotent.</summary>
    public async Task<IClusterApi> StartClusterAsync(string name, int nodes, CancellationToken ct)
    {
        var api = clusters.Start(name);
        for (var i = 0; i < nodes; i++)
            await clusters.AddNodeAsync(name, new($"{name}-{i}", $"simulated://{name}/{name}-{i}", "v1.33.1")
            {
                ControlPlane = i == 0 && nodes > 1,
                Address = $"10.0.{i / 250}.{10 + i % 250}",
            }, ct);
        return api;
    }

    /// <summary>Ends a simulated cluster and forgets it; false when there was none.</summary>
    public bool RemoveCluster(string name) => clusters.Remove(name);

    /// <summary>Completes when no reconcile is queued or runs; what waits for its time does not count.</summary>
    public Task WhenIdle() => scheduler.WhenIdle();

    public async ValueTask DisposeAsync()
    {
        controllers.Dispose();
        await scheduler.DisposeAsync();
        clusters.SaveAll();
    }

    private static async Task InstallAsync(IClusterApi management, CancellationToken ct)
    {
        foreach (var crd in KindDefinitions.CustomResourceDefinitions)
        {
            try
            {
                if (management.Get(CoreKinds.CustomResourceDefinition, crd.KeyOf()) is null)
                    await management.CreateAsync(CoreKinds.CustomResourceDefinition, crd, ct);
                else
                    // The real provider's CRD, once somebody installed it, is never overwritten.
                    await management.ChangeAsync(CoreKinds.CustomResourceDefinition, crd.KeyOf(), seen =>
                        CrdFactory.Made(seen) && seen.Put("spec", crd["spec"]!.DeepClone()), status: false, ct);
            }
            catch (KubeApiException present) when (present.IsAlreadyExists)
            {
                // A provider's own installation was faster; its definition is the better one.
                continue;
            }
        }
    }
}

using Fleet.ClusterManager.Admission;
using Fleet.ControlPlane.Authentication;
using Fleet.ControlPlane.ClusterApi.Defaults;
using Fleet.ControlPlane.Hosting;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Simulation;
using Fleet.Host.Data;

namespace Fleet.Host.Management;

/// <summary>The API server in this process, kept in the data folder, with simulated infrastructure beside it.</summary>
internal sealed class EmbeddedManagementCluster : IManagementCluster
{
    private readonly ControlPlaneHost host;
    private readonly FleetSimulation simulation;
    private readonly FleetAdmission admission;

    private EmbeddedManagementCluster(ControlPlaneHost host, FleetSimulation simulation, FleetAdmission admission)
    {
        this.host = host;
        this.admission = admission;
        this.simulation = simulation;
    }

    public Uri Address => host.Address;

    public string KubeconfigPath => host.KubeconfigPath;

    public string? Context => null;

    public bool IsExternal => false;

    /// <summary>All that this process serves.</summary>
    public IClusterRegistry Clusters => host.Clusters;

    public static async Task<EmbeddedManagementCluster> StartAsync(
        DataFolder folder, int port, FleetOptions options, ITokenAuthenticator? tokens, ILoggerFactory logs, TimeProvider clock, CancellationToken ct)
    {
        var admission = new FleetAdmission();
        var host = await ControlPlaneHost.StartAsync(new ControlPlaneOptions
        {
            DataFolder = folder.ControlPlane,
            KubeconfigPath = folder.Kubeconfig,
            SecretsKeyFile = Environment.GetEnvironmentVariable("FLEET_SECRETS_KEY") is { Length: > 0 } key ? key : null,
            Port = port,
            Clock = clock,
            LoggerFactory = logs,
            TokenAuthenticator = tokens,
            Metrics = FleetSimulation.Metrics(clock),
            PodLogs = FleetSimulation.PodLogs(clock),
            Admission = options.ExternalCapiCore ? [admission, new ClusterApiDefaults()] : [admission],
        }, ct);
        try
        {
            var core = options.ExternalCapiCore ? CapiCoreMode.External : CapiCoreMode.Embedded;
            return new(host, await FleetSimulation.StartAsync(host.Clusters, new SimulationOptions { CapiCore = core }, clock, logs, ct), admission);
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes of Fleet's kinds are judged by this gate from now on.</summary>
    public void Use(IManifestGate gate) => admission.Use(gate);

    public async ValueTask DisposeAsync()
    {
        await simulation.DisposeAsync();
        await host.DisposeAsync();
    }
}

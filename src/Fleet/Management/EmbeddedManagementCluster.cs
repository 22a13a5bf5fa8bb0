using Fleet.ControlPlane.Hosting;
using Fleet.Host.Data;

namespace Fleet.Host.Management;

/// <summary>The API server in this process, kept in the data folder, with simulated infrastructure beside it.</summary>
internal sealed class EmbeddedManagementCluster : IManagementCluster
{
    private readonly ControlPlaneHost host;

    private EmbeddedManagementCluster(ControlPlaneHost host) => this.host = host;

    public Uri Address => host.Address;

    public string KubeconfigPath => host.KubeconfigPath;

    public string? Context => null;

    public bool IsExternal => false;

    public static async Task<EmbeddedManagementCluster> StartAsync(
        DataFolder folder, int port, FleetOptions options, ILoggerFactory logs, TimeProvider clock, CancellationToken ct) =>
        new(await ControlPlaneHost.StartAsync(new ControlPlaneOptions
        {
            DataFolder = folder.ControlPlane,
            KubeconfigPath = folder.Kubeconfig,
            Port = port,
            Clock = clock,
            LoggerFactory = logs,
        }, ct));

    public ValueTask DisposeAsync() => host.DisposeAsync();
}

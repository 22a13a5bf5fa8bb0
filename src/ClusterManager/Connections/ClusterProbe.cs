using Fleet.Kubernetes.Configuration;

namespace Fleet.ClusterManager.Connections;

/// <summary>One call of <c>/version</c>, over a connection of its own.</summary>
internal sealed class ClusterProbe(ClusterManagerOptions options, ManagedClients clients) : IClusterProbe
{
    public async Task<ProbeResult> ProbeAsync(string kubeconfig, CancellationToken ct)
    {
        try
        {
            using var client = clients.Open(kubeconfig);
            return await ApiServerVersion.AskAsync(client, options.ProbeTimeout, ct);
        }
        catch (KubeConfigException e)
        {
            return new(null, e.Message, KubeconfigInvalid: true);
        }
    }
}

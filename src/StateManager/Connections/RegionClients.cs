using System.Security.Cryptography;
using System.Text;
using Fleet.Control.Regions;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Resources;

namespace Fleet.StateManager.Connections;

/// <summary>One client for each region, whose API server has the Cluster API objects of its clusters. Another kubeconfig makes another client.</summary>
internal sealed class RegionClients(RegionReader regions, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private readonly Dictionary<string, (string Hash, IKubernetesClient Client)> clients = [];

    /// <exception cref="RegionNotReachableException">The region is not there, or leads nowhere.</exception>
    public async Task<IKubernetesClient> OfAsync(string region, CancellationToken ct)
    {
        var address = await regions.ReadAsync(region, ct) ?? throw new RegionNotReachableException($"Region {region} does not exist");
        if (address.Kubeconfig is not { } kubeconfig)
            throw new RegionNotReachableException($"Region {region}: {address.Problem}");
        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(kubeconfig)));
        lock (gate)
        {
            if (clients.TryGetValue(region, out var known) && known.Hash == hash)
                return known.Client;
            try
            {
                // As with clusters: no programs started, no files of this machine read.
                var endpoint = KubeConfig.Parse(kubeconfig, address.ToString()).Endpoint(new() { AllowExec = false, AllowFiles = false, Clock = clock });
                var client = KubernetesClient.Create(endpoint, new() { MaxConcurrentRequests = 8, RequestsPerSecond = 20, ReadRetries = 1, Timeout = Patience, Clock = clock });
                known.Client?.Dispose();
                clients[region] = (hash, client);
                return client;
            }
            catch (KubeConfigException e)
            {
                throw new RegionNotReachableException($"Region {region}: {e.Message}");
            }
        }
    }

    public void Dispose()
    {
        lock (gate)
            foreach (var (_, client) in clients.Values)
                client.Dispose();
    }
}

/// <summary>What is in the region is not known now, which is not the same as absent.</summary>
internal sealed class RegionNotReachableException(string message) : Exception(message);

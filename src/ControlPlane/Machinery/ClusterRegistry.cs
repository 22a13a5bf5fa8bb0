using System.Collections.Concurrent;

namespace Fleet.ControlPlane.Machinery;

/// <summary>The clusters of this process, and the factory of simulated ones.</summary>
internal sealed class ClusterRegistry(Cluster management, Func<string, Cluster> make, Func<string, string> kubeconfig) : IClusterRegistry
{
    public const string ManagementName = "management";

    private readonly ConcurrentDictionary<string, Cluster> clusters = new(1, 31, StringComparer.Ordinal);

    public IClusterApi Management => management;

    public Cluster ManagementCluster => management;

    public IReadOnlyCollection<IClusterApi> Clusters => [management, .. clusters.Values];

    public IEnumerable<Cluster> All => clusters.Values.Prepend(management);

    public event Action<Cluster>? Added;

    public event Action<Cluster>? Removed;

    public Cluster? FindCluster(string name) => name == ManagementName ? management : clusters.GetValueOrDefault(name);

    public IClusterApi? Find(string name) => FindCluster(name);

    public IClusterApi Add(string name)
    {
        if (clusters.TryGetValue(name, out var present)) return present;
        if (name == ManagementName || name.Length is 0 or > 253 || name.AsSpan().ContainsAny('/', '%', '?'))
            throw new ArgumentException($"\"{name}\" cannot be the name of a cluster; a name is a DNS label, for instance \"prod-eu-1\"", nameof(name));
        var cluster = make(name);
        if (!clusters.TryAdd(name, cluster)) return clusters[name];
        Added?.Invoke(cluster);
        return cluster;
    }

    public bool Remove(string name)
    {
        if (!clusters.TryRemove(name, out var cluster)) return false;
        cluster.Store.EndWatches();
        Removed?.Invoke(cluster);
        return true;
    }

    public string AdminKubeconfig(string name) => kubeconfig(name);
}

using Fleet.ClusterManager.Clusters;
using Fleet.ClusterManager.Releases;
using Fleet.ClusterManager.Upgrades;
using Fleet.Helm.Releases;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Capi;

/// <summary>A cluster that holds the CAPI objects of ClusterDeployments, and what works on it: readers of these objects, and the Helm releases that make them.</summary>
internal sealed class CapiHost(IKubernetesClient client, ClusterAccess access, IHelm helm, TimeSpan helmTimeout)
{
    public IKubernetesClient Client { get; } = client;

    public CapiTree Tree { get; } = new(client);

    public CapiReader Capi { get; } = new(client, new(client));

    public LiveMachinesReader Machines { get; } = new(client, new(client));

    public ReleaseRecords Records { get; } = new(client);

    public ClusterReleases Releases { get; } = new(helm, client, access, helmTimeout);

    public Finalizers Finalizers { get; } = new(client);
}

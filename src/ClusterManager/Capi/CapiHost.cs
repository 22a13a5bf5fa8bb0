using System.Text.Json.Nodes;
using Fleet.ClusterManager.Clusters;
using Fleet.ClusterManager.Releases;
using Fleet.ClusterManager.Upgrades;
using Fleet.Contracts;
using Fleet.Control.Grains;
using Fleet.Control.Kinds;
using Fleet.Helm.Releases;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Capi;

/// <summary>
/// A cluster that holds the CAPI objects of ClusterDeployments - the management cluster, or that of a Region - and what works on it: readers of these objects,
/// and the Helm releases that make them.
/// </summary>
internal sealed class CapiHost(IKubernetesClient client, ClusterAccess access, IHelm helm, TimeSpan helmTimeout)
{
    /// <summary>Null for the management cluster.</summary>
    public string? Region { get; init; }

    public IKubernetesClient Client { get; } = client;

    /// <summary>The same cluster as helm reaches it.</summary>
    public ClusterAccess Access { get; } = access;

    public CapiTree Tree { get; } = new(client);

    public CapiReader Capi { get; } = new(client, new(client));

    public LiveMachinesReader Machines { get; } = new(client, new(client));

    public ReleaseRecords Records { get; } = new(client);

    public ClusterReleases Releases { get; } = new(helm, client, access, helmTimeout);

    public Finalizers Finalizers { get; } = new(client);

    /// <summary>
    /// In a region, the namespace of a cluster or credential is made for it. It stays: what else has come into it since then is not known.
    /// </summary>
    public async Task EnsureNamespaceAsync(string name, GrainOwnership ownership, CancellationToken ct)
    {
        if (Region is null || await Client.Dynamic(CoreKinds.Namespaces).GetAsync(ObjectKey.Cluster(name), ct) is not null)
            return;
        ownership.EnsureCurrent();
        try
        {
            await Client.Dynamic(CoreKinds.Namespaces).CreateAsync(
                new(new JsonObject
                {
                    ["apiVersion"] = "v1",
                    ["kind"] = "Namespace",
                    ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = new JsonObject { [FleetLabels.Managed] = "true", [FleetLabels.Region] = Region } },
                }),
                ct);
        }
        catch (KubeApiException e) when (e.IsAlreadyExists)
        {
            // Somebody was faster, which is as good.
        }
    }
}

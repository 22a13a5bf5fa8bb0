using Fleet.ClusterManager.Clusters;
using Fleet.ClusterManager.Components;
using Fleet.Control.Status;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Managements;

/// <summary>What the work on a Management uses.</summary>
internal sealed record ManagementParts(
    IKubernetesClient Client, ClusterManagerOptions Options, Finalizers Finalizers, IStatusWriter Status, ComponentEvents Events, UpgradeBackups Backups, ProviderUsers Users,
    DefaultStateProvider StateProvider)
{
    public ComponentTarget TargetOf(Management management) => new() { Client = Client, Access = Options.Management, Owner = management.Metadata };
}

using Fleet.ClusterManager.Capi;
using Fleet.ClusterManager.Clusters;
using Fleet.ClusterManager.Releases;
using Fleet.Contracts;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Deletion;

/// <summary>Takes one step of a deletion. Every step may be repeated.</summary>
internal sealed class DeletionSteps(IKubernetesClient client, ClusterReleases releases, Finalizers finalizers, CapiReader capi)
{
    public async Task TakeAsync(DeletionFacts facts, DeletionAction action, CancellationToken ct)
    {
        switch (action)
        {
            case DeletionAction.DeleteServiceSets:
                foreach (var set in facts.ServiceSets.Where(set => !set.Metadata.IsBeingDeleted))
                    await client.Resource(FleetKinds.ServiceSets).DeleteAsync(set.Metadata.Key, Exactly(set.Metadata.Uid), ct);
                break;
            case DeletionAction.UninstallRelease:
                await releases.UninstallAsync(facts.Object.Metadata.Key, ct);
                break;
            case DeletionAction.DeleteCapiCluster:
                await capi.DeleteAsync(facts.Capi!.Key, ct);
                break;
            case DeletionAction.ReleaseInfrastructure:
                await ReleaseAsync(facts.Capi!.HeldInfrastructure!, ct);
                break;
            case DeletionAction.RemoveFinalizer:
                await finalizers.RemoveAsync(
                    FleetKinds.ClusterDeployments.Kind, facts.Object.Metadata, FleetFinalizers.ClusterDeployment, ct);
                break;
            case DeletionAction.WaitForServiceSets or DeletionAction.WaitForCapiCluster:
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(action), action, "unknown step");
        }
    }

    private async Task ReleaseAsync(CapiReference infrastructure, CancellationToken ct)
    {
        if (await client.Dynamic(infrastructure.Kind).GetAsync(infrastructure.Key, ct) is { } found)
            await finalizers.RemoveAsync(infrastructure.Kind, found.Metadata, FleetFinalizers.Cleanup, ct);
    }

    private static DeleteOptions Exactly(string? uid) => new() { Uid = uid };
}

using Fleet.Control.Grains;
using System.Text.Json.Nodes;
using Fleet.ClusterManager.Upgrades;
using Fleet.ClusterManager.Capi;
using Fleet.ClusterManager.Clusters;
using Fleet.ClusterManager.Regions;
using Fleet.Contracts;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Deletion;

/// <summary>Takes one step of a deletion. Every step may be repeated.</summary>
internal sealed class DeletionSteps(IKubernetesClient client, Finalizers finalizers, DeletionAbandonment abandonment)
{
    public async Task TakeAsync(DeletionFacts facts, DeletionAction action, ClusterTurn turn, CancellationToken ct)
    {
        var key = facts.Object.Metadata.Key;
        switch (action)
        {
            case DeletionAction.Wait:
                break;
            case DeletionAction.DeleteServiceSets:
                await DeleteAsync(facts.ServiceSets, turn, ct);
                break;
            case DeletionAction.ForgetServiceSets:
                await ForgetAsync(facts.ServiceSets, turn, ct);
                break;
            case DeletionAction.ReleaseServiceSets:
                foreach (var set in facts.ServiceSets)
                    await finalizers.RemoveAsync(FleetKinds.ServiceSets.Kind, set.Metadata, FleetFinalizers.ServiceSet, ct);
                break;
            case DeletionAction.DeleteLeftovers:
                await abandonment.CleanUpAsync(facts, turn.Ownership, ct);
                break;
            case DeletionAction.UninstallRelease:
                await Rollouts.LetGoAsync(facts.Capi?.Key ?? key, turn, ct);
                await turn.Host.Releases.UninstallAsync(key, turn.Ownership, ct);
                break;
            case DeletionAction.DropRelease:
                await turn.Host.Records.DropAsync(key, turn.Ownership, ct);
                break;
            case DeletionAction.OrphanRelease:
                await abandonment.OrphanAsync(facts.Object, turn.Host, turn.Ownership, ct);
                break;
            case DeletionAction.DeleteCapiCluster:
                await Rollouts.LetGoAsync(facts.Capi!.Key, turn, ct);
                await turn.Host.Capi.DeleteAsync(facts.Capi!, turn.Ownership, ct);
                break;
            case DeletionAction.DeleteCopies:
                await RegionalCopies.DeleteAsync(turn.Host, facts.Copies, turn.Ownership, ct);
                break;
            case DeletionAction.ReleaseInfrastructure:
                await ReleaseAsync(facts.Capi!.HeldInfrastructure!, turn, ct);
                break;
            case DeletionAction.AbandonInfrastructure:
                await DeletionAbandonment.AbandonAsync(facts.Capi!.Key, turn.Host, turn.Ownership, ct);
                break;
            case DeletionAction.DeleteDataSource:
                await client.Resource(FleetKinds.ClusterDataSources).DeleteFencedAsync(key, facts.DataSource!.Uid, DeleteOptions.Background, turn.Ownership, ct);
                break;
            case DeletionAction.AbandonDataSource:
                if (await client.Resource(FleetKinds.ClusterDataSources).GetAsync(key, ct) is { } database && database.Metadata.Uid == facts.DataSource!.Uid)
                {
                    await turn.Ownership.ProveAsync(ct);
                    await finalizers.RemoveAsync(FleetKinds.ClusterDataSources.Kind, database.Metadata, FleetFinalizers.ClusterDataSource, ct);
                }
                break;
            case DeletionAction.RemoveFinalizer:
                await finalizers.RemoveAsync(FleetKinds.ClusterDeployments.Kind, facts.Object.Metadata, FleetFinalizers.ClusterDeployment, ct);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(action), action, "unknown step");
        }
    }

    private async Task DeleteAsync(IEnumerable<ServiceSet> sets, ClusterTurn turn, CancellationToken ct)
    {
        foreach (var set in sets.Where(set => !set.Metadata.IsBeingDeleted))
            await client.Resource(FleetKinds.ServiceSets).DeleteFencedAsync(set.Metadata.Key, set.Metadata.Uid, DeleteOptions.Background, turn.Ownership, ct);
    }

    // The annotation first: whoever removes services must know it before the deletion is seen.
    private async Task ForgetAsync(IReadOnlyList<ServiceSet> sets, ClusterTurn turn, CancellationToken ct)
    {
        foreach (var set in sets.Where(set => !DeletionBlockers.IsOrphan(set)))
            await client.Resource(FleetKinds.ServiceSets).PatchFencedAsync(
                set.Metadata.Key, set.Metadata.Uid,
                new() { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [FleetAnnotations.DeletionPolicy] = nameof(DeletionPolicy.Orphan) } } },
                new() { FieldManager = OwnedObjects.FieldManager }, turn.Ownership, ct);
        await DeleteAsync(sets, turn, ct);
    }

    private static async Task ReleaseAsync(CapiReference infrastructure, ClusterTurn turn, CancellationToken ct)
    {
        if (await turn.Host.Client.Dynamic(infrastructure.Kind).GetAsync(infrastructure.Key, ct) is not { } found)
            return;
        await turn.Ownership.ProveAsync(ct);
        await turn.Host.Finalizers.RemoveAsync(infrastructure.Kind, found.Metadata, FleetFinalizers.Cleanup, ct);
    }
}

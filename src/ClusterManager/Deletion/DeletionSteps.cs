using System.Text.Json.Nodes;
using Fleet.ClusterManager.Upgrades;
using Fleet.ClusterManager.Capi;
using Fleet.ClusterManager.Clusters;
using Fleet.ClusterManager.Regions;
using Fleet.Contracts;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
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
                await DeleteAsync(facts.ServiceSets, ct);
                break;
            case DeletionAction.ForgetServiceSets:
                await ForgetAsync(facts.ServiceSets, ct);
                break;
            case DeletionAction.ReleaseServiceSets:
                foreach (var set in facts.ServiceSets)
                    await finalizers.RemoveAsync(FleetKinds.ServiceSets.Kind, set.Metadata, FleetFinalizers.ServiceSet, ct);
                break;
            case DeletionAction.DeleteLeftovers:
                await abandonment.CleanUpAsync(facts, ct);
                break;
            case DeletionAction.UninstallRelease:
                await Rollouts.LetGoAsync(facts.Capi?.Key ?? key, turn, ct);
                await turn.Host.Releases.UninstallAsync(key, ct);
                break;
            case DeletionAction.DropRelease:
                await turn.Host.Records.DropAsync(key, ct);
                break;
            case DeletionAction.OrphanRelease:
                await abandonment.OrphanAsync(facts.Object, turn.Host, ct);
                break;
            case DeletionAction.DeleteCapiCluster:
                await Rollouts.LetGoAsync(facts.Capi!.Key, turn, ct);
                await turn.Host.Capi.DeleteAsync(facts.Capi!, ct);
                break;
            case DeletionAction.DeleteCopies:
                await RegionalCopies.DeleteAsync(turn.Host, facts.Copies, ct);
                break;
            case DeletionAction.ReleaseInfrastructure:
                await ReleaseAsync(facts.Capi!.HeldInfrastructure!, turn.Host, ct);
                break;
            case DeletionAction.AbandonInfrastructure:
                await DeletionAbandonment.AbandonAsync(facts.Capi!.Key, turn.Host, ct);
                break;
            case DeletionAction.DeleteDataSource:
                await client.Resource(FleetKinds.ClusterDataSources).DeleteAsync(key, DeleteOptions.Background with { Uid = facts.DataSource!.Uid }, ct);
                break;
            case DeletionAction.AbandonDataSource:
                if (await client.Resource(FleetKinds.ClusterDataSources).GetAsync(key, ct) is { } database && database.Metadata.Uid == facts.DataSource!.Uid)
                    await finalizers.RemoveAsync(FleetKinds.ClusterDataSources.Kind, database.Metadata, FleetFinalizers.ClusterDataSource, ct);
                break;
            case DeletionAction.RemoveFinalizer:
                await finalizers.RemoveAsync(FleetKinds.ClusterDeployments.Kind, facts.Object.Metadata, FleetFinalizers.ClusterDeployment, ct);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(action), action, "unknown step");
        }
    }

    private async Task DeleteAsync(IEnumerable<ServiceSet> sets, CancellationToken ct)
    {
        foreach (var set in sets.Where(set => !set.Metadata.IsBeingDeleted))
            await client.Resource(FleetKinds.ServiceSets).DeleteAsync(set.Metadata.Key, Exactly(set.Metadata), ct);
    }

    // The annotation first: whoever removes services must know it before the deletion is seen.
    private async Task ForgetAsync(IReadOnlyList<ServiceSet> sets, CancellationToken ct)
    {
        foreach (var set in sets.Where(set => !DeletionBlockers.IsOrphan(set)))
            await client.Resource(FleetKinds.ServiceSets).PatchAsync(
                set.Metadata.Key,
                Patch.Merge(new()
                {
                    ["metadata"] = new JsonObject
                    {
                        ["uid"] = set.Metadata.Uid,
                        ["annotations"] = new JsonObject { [FleetAnnotations.DeletionPolicy] = nameof(DeletionPolicy.Orphan) },
                    },
                }),
                new() { FieldManager = OwnedObjects.FieldManager }, ct);
        await DeleteAsync(sets, ct);
    }

    private static async Task ReleaseAsync(CapiReference infrastructure, CapiHost host, CancellationToken ct)
    {
        if (await host.Client.Dynamic(infrastructure.Kind).GetAsync(infrastructure.Key, ct) is { } found)
            await host.Finalizers.RemoveAsync(infrastructure.Kind, found.Metadata, FleetFinalizers.Cleanup, ct);
    }

    private static DeleteOptions Exactly(ObjectMeta metadata) => new() { Uid = metadata.Uid };
}

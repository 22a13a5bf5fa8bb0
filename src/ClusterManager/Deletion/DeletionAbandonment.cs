using Fleet.Control.Grains;
using System.Text.Json.Nodes;
using Fleet.ClusterManager.Capi;
using Fleet.ClusterManager.Clusters;
using Fleet.ClusterManager.References;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Deletion;

/// <summary>The steps that reach beyond Fleet's own objects: into the managed cluster, and past the finalizers of Cluster API.</summary>
internal sealed class DeletionAbandonment(WorkloadCleanup workloads, ReferenceApplier references)
{
    public async Task OrphanAsync(ClusterDeployment cluster, CapiHost host, GrainOwnership ownership, CancellationToken ct)
    {
        var release = cluster.Metadata.Key;
        await references.DetachAsync(cluster, host, ownership, ct);
        await host.Releases.UnlabelAsync(release, ct);
        await host.Records.OrphanAsync(release, ownership, ct);
    }

    public async Task CleanUpAsync(DeletionFacts facts, GrainOwnership ownership, CancellationToken ct) =>
        await workloads.DeleteAsync(facts.Kubeconfig!.Text!, facts.Leftovers!, ownership, ct);

    /// <summary>Deletes everything below a Cluster, whoever still holds it.</summary>
    public static async Task AbandonAsync(ObjectKey cluster, CapiHost host, GrainOwnership ownership, CancellationToken ct)
    {
        foreach (var item in await host.Tree.EverythingAsync(cluster, ct))
        {
            var metadata = item.Object.Metadata;
            if (!metadata.IsBeingDeleted)
                await host.Client.Dynamic(item.Kind).DeleteFencedAsync(metadata.Key, metadata.Uid, DeleteOptions.Background, ownership, ct);
            if (metadata.Finalizers is { Count: > 0 })
                await host.Client.Dynamic(item.Kind).PatchFencedAsync(
                    metadata.Key, metadata.Uid,
                    new() { ["metadata"] = new JsonObject { ["finalizers"] = new JsonArray() } },
                    new() { FieldManager = OwnedObjects.FieldManager }, ownership, ct);
        }
    }
}

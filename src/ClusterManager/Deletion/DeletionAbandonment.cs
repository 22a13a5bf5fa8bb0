using System.Text.Json.Nodes;
using Fleet.ClusterManager.Capi;
using Fleet.ClusterManager.Clusters;
using Fleet.ClusterManager.Releases;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Deletion;

/// <summary>The steps that reach beyond Fleet's own objects: into the managed cluster, and past the finalizers of Cluster API.</summary>
internal sealed class DeletionAbandonment(IKubernetesClient client, WorkloadCleanup workloads, CapiTree tree, ClusterReleases releases, ReleaseRecords records)
{
    public async Task OrphanAsync(ObjectKey release, CancellationToken ct)
    {
        await releases.UnlabelAsync(release, ct);
        await records.OrphanAsync(release, ct);
    }

    public Task DropAsync(ObjectKey release, CancellationToken ct) => records.DropAsync(release, ct);

    public async Task CleanUpAsync(DeletionFacts facts, CancellationToken ct) =>
        await workloads.DeleteAsync(facts.Kubeconfig!.Text!, facts.Leftovers!, ct);

    /// <summary>Deletes everything below a Cluster, whoever still holds it.</summary>
    public async Task AbandonAsync(ObjectKey cluster, CancellationToken ct)
    {
        foreach (var item in await tree.EverythingAsync(cluster, ct))
        {
            var metadata = item.Object.Metadata;
            if (!metadata.IsBeingDeleted)
                await client.Dynamic(item.Kind).DeleteAsync(metadata.Key, DeleteOptions.Background with { Uid = metadata.Uid }, ct);
            if (metadata.Finalizers is { Count: > 0 })
                await ReleaseAsync(item.Kind, metadata, ct);
        }
    }

    private async Task ReleaseAsync(ResourceKind kind, ObjectMeta metadata, CancellationToken ct)
    {
        try
        {
            await client.Dynamic(kind).PatchAsync(
                metadata.Key,
                Patch.Merge(new() { ["metadata"] = new JsonObject { ["uid"] = metadata.Uid, ["finalizers"] = new JsonArray() } }),
                new() { FieldManager = OwnedObjects.FieldManager }, ct);
        }
        catch (KubeApiException e) when (e.IsNotFound)
        {
            // Gone is what was wanted.
        }
    }
}

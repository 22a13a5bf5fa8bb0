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
    public async Task OrphanAsync(ClusterDeployment cluster, CapiHost host, CancellationToken ct)
    {
        var release = cluster.Metadata.Key;
        await references.DetachAsync(cluster, host, ct);
        await host.Releases.UnlabelAsync(release, ct);
        await host.Records.OrphanAsync(release, ct);
    }

    public async Task CleanUpAsync(DeletionFacts facts, CancellationToken ct) =>
        await workloads.DeleteAsync(facts.Kubeconfig!.Text!, facts.Leftovers!, ct);

    /// <summary>Deletes everything below a Cluster, whoever still holds it.</summary>
    public static async Task AbandonAsync(ObjectKey cluster, CapiHost host, CancellationToken ct)
    {
        foreach (var item in await host.Tree.EverythingAsync(cluster, ct))
        {
            var metadata = item.Object.Metadata;
            if (!metadata.IsBeingDeleted)
                await host.Client.Dynamic(item.Kind).DeleteAsync(metadata.Key, DeleteOptions.Background with { Uid = metadata.Uid }, ct);
            if (metadata.Finalizers is { Count: > 0 })
                await ReleaseAsync(host.Client, item.Kind, metadata, ct);
        }
    }

    private static async Task ReleaseAsync(IKubernetesClient client, ResourceKind kind, ObjectMeta metadata, CancellationToken ct)
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

using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Clusters;

/// <summary>Adds and removes finalizers. The resourceVersion guards the list, which a merge patch replaces as a whole.</summary>
internal sealed class Finalizers(IKubernetesClient client)
{
    /// <summary>Adds the finalizer and the label that upstream's backups select by.</summary>
    public async Task<T> MarkAsync<T>(ResourceType<T> type, T item, string finalizer, CancellationToken ct)
        where T : class, IKubernetesObject
    {
        var patch = Body(item.Metadata, (item.Metadata.Finalizers ?? []).Append(finalizer));
        patch["metadata"]!["labels"] = new JsonObject { [FleetLabels.Component] = "kcm" };
        return await client.Resource(type).PatchAsync(item.Metadata.Key, Patch.Merge(patch), new() { FieldManager = OwnedObjects.FieldManager }, ct);
    }

    /// <summary>Nothing happens when the object is gone already.</summary>
    public async Task RemoveAsync(ResourceKind kind, ObjectMeta metadata, string finalizer, CancellationToken ct)
    {
        try
        {
            var patch = Body(metadata, (metadata.Finalizers ?? []).Where(other => other != finalizer));
            await client.Dynamic(kind).PatchAsync(metadata.Key, Patch.Merge(patch), new() { FieldManager = OwnedObjects.FieldManager }, ct);
        }
        catch (KubeApiException e) when (e.IsNotFound)
        {
            // Gone is what was wanted.
        }
    }

    private static JsonObject Body(ObjectMeta metadata, IEnumerable<string> finalizers) => new()
    {
        ["metadata"] = new JsonObject
        {
            ["uid"] = metadata.Uid,
            ["resourceVersion"] = metadata.ResourceVersion,
            ["finalizers"] = new JsonArray([.. finalizers.Select(name => (JsonNode)name)]),
        },
    };
}

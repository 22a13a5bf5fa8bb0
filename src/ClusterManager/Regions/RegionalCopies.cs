using System.Text.Json.Nodes;
using Fleet.ClusterManager.Capi;
using Fleet.ClusterManager.Clusters;
using Fleet.Contracts;
using Fleet.Control.Grains;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Regions;

/// <summary>
/// Brings Secrets and ConfigMaps that a cluster's chart refers to by name from the cluster's namespace into the region, and takes them away with the cluster.
/// </summary>
internal static class RegionalCopies
{
    private static readonly ResourceKind[] Kinds = [CoreKinds.Secrets, CoreKinds.ConfigMaps];

    private static readonly string[] Content = ["type", "data", "binaryData"];

    /// <summary>Idempotent. What is not there is not copied: whoever makes it says why not.</summary>
    public static async Task EnsureAsync(
        IKubernetesClient management, CapiHost host, ClusterDeployment cluster, IEnumerable<(ResourceKind Kind, ObjectKey Key)> companions, GrainOwnership ownership, CancellationToken ct)
    {
        if (host.Region is null)
            return;
        foreach (var (kind, key) in companions)
            if (await management.Dynamic(kind).GetAsync(key, ct) is { } source)
                await EnsureAsync(host, kind, source, cluster, ownership, ct);
    }

    /// <summary>What was brought there for this very cluster.</summary>
    public static async Task<IReadOnlyList<RegionalCopy>> ReadAsync(CapiHost host, ClusterDeployment cluster, CancellationToken ct)
    {
        if (host.Region is null)
            return [];
        var copies = new List<RegionalCopy>();
        foreach (var kind in Kinds)
        {
            var found = await host.Client.Dynamic(kind).ListAsync(
                new() { Namespace = cluster.Metadata.Namespace, LabelSelector = $"{FleetLabels.CopyFor}={cluster.Metadata.Uid}" }, ct);
            copies.AddRange(found.Items.Select(item => new RegionalCopy(kind, item.Key, item.Metadata.Uid, item.Metadata.IsBeingDeleted)));
        }
        return copies;
    }

    public static async Task DeleteAsync(CapiHost host, IEnumerable<RegionalCopy> copies, GrainOwnership ownership, CancellationToken ct)
    {
        foreach (var copy in copies.Where(copy => !copy.IsBeingDeleted))
            await host.Client.Dynamic(copy.Kind).DeleteFencedAsync(copy.Key, copy.Uid, DeleteOptions.Background, ownership, ct);
    }

    private static async Task EnsureAsync(CapiHost host, ResourceKind kind, DynamicObject source, ClusterDeployment cluster, GrainOwnership ownership, CancellationToken ct)
    {
        var seen = await host.Client.Dynamic(kind).GetAsync(source.Key, ct);
        var isOurs = seen?.Metadata.Labels?.GetValueOrDefault(FleetLabels.CopyFor) == cluster.Metadata.Uid;
        if (isOurs && Content.All(field => JsonNode.DeepEquals(seen!.Root[field], source.Root[field])))
            return;
        // Of an earlier cluster of this name it is a leftover; anything else is somebody's own.
        if (seen is not null && seen.Metadata.Labels?.ContainsKey(FleetLabels.CopyFor) != true)
            throw new KubeApiException(409, "Conflict", $"{kind.Kind} {source.Key} is in region {host.Region} already and was not made for this ClusterDeployment");
        var copy = new JsonObject
        {
            ["apiVersion"] = kind.ApiVersion,
            ["kind"] = kind.Kind,
            ["metadata"] = new JsonObject
            {
                ["name"] = source.Key.Name,
                ["namespace"] = source.Key.Namespace,
                ["labels"] = new JsonObject { [FleetLabels.Managed] = "true", [FleetLabels.CopyFor] = cluster.Metadata.Uid },
            },
        };
        foreach (var field in Content)
            if (source.Root[field] is { } value)
                copy[field] = value.DeepClone();
        await host.EnsureNamespaceAsync(source.Key.Namespace, ownership, ct);
        await host.Client.Dynamic(kind).ApplyFencedAsync(copy, new(OwnedObjects.FieldManager) { Force = true }, ownership, ct);
    }
}

using Fleet.Control.Health;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Components;

/// <summary>Reads the objects of a release that tell its health.</summary>
internal static class ComponentHealthReader
{
    /// <summary>So many objects of one component are read at a time.</summary>
    private const int AtOnce = 8;

    public static async Task<ComponentHealth> ReadAsync(IKubernetesClient client, IReadOnlyList<RenderedObject> objects, CancellationToken ct)
    {
        var found = new List<ObjectHealth>(objects.Count);
        foreach (var some in objects.Chunk(AtOnce))
            found.AddRange(await Task.WhenAll(some.Select(item => ReadAsync(client, item, ct))));
        return ComponentHealth.Of(found);
    }

    private static async Task<ObjectHealth> ReadAsync(IKubernetesClient client, RenderedObject item, CancellationToken ct)
    {
        if (await client.FindKindAsync(item.Kind, ct) is not { } kind)
            return new(WorkloadVerdict.Failed, $"{item}: the cluster does not serve its kind");
        if (await client.Dynamic(kind).GetAsync(kind.Namespaced ? item.Key : ObjectKey.Cluster(item.Key.Name), ct) is not { } seen)
            return new(WorkloadVerdict.Progressing, $"{item} is not there") { IsMissing = true };
        var (verdict, why) = ProviderObject.Is(seen.ApiVersion, seen.Kind) ? ProviderObject.Of(seen) : WorkloadRollout.Of(seen);
        return new(verdict, verdict == WorkloadVerdict.Healthy ? "" : $"{item}: {why}");
    }
}

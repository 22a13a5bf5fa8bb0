using System.Collections.Concurrent;
using System.Globalization;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ReplicaProcess.Stores;

/// <summary>Counts in a ConfigMap of an API server, under the resourceVersion that was seen.</summary>
/// <param name="name">As histories name it.</param>
/// <param name="clientOf">Who speaks to the server of a cluster; null where it is not known.</param>
/// <param name="keyOf">Where the object of a cluster is.</param>
internal sealed class ObjectStore(string name, Func<string, IKubernetesClient?> clientOf, Func<string, ObjectKey> keyOf) : ICountStore
{
    private readonly ConcurrentDictionary<string, IKubernetesClient?> clients = [];

    public string Name => name;

    public async Task<Counted?> ReadAsync(string cluster, CancellationToken ct) => await MapsOf(cluster).GetAsync(keyOf(cluster), ct) is { } map ? From(map) : null;

    public async Task<Counted?> WriteAsync(Counted? seen, NextCount next, CancellationToken ct)
    {
        // The version and the uid are of what was planned from: the store compares, in the same step in which it writes.
        var map = new ConfigMap
        {
            Metadata = new()
            {
                Name = keyOf(next.Cluster).Name, Namespace = keyOf(next.Cluster).Namespace, Labels = new() { ["counted"] = "true" }, ResourceVersion = seen?.Version, Uid = seen?.Id,
            },
            Data = new() { ["count"] = $"{next.Count}", ["epoch"] = $"{next.Epoch}", ["applied"] = next.Applied, ["wanted"] = seen?.Wanted ?? "" },
        };
        try
        {
            return From(seen is null ? await MapsOf(next.Cluster).CreateAsync(map, ct) : await MapsOf(next.Cluster).UpdateAsync(map, ct));
        }
        catch (KubeApiException e) when (e.IsConflict || e.IsAlreadyExists || e.IsNotFound)
        {
            return null;
        }
    }

    private IResourceClient<ConfigMap> MapsOf(string cluster) =>
        (clients.GetOrAdd(cluster, clientOf) ?? throw new InvalidOperationException($"nothing tells how to reach {cluster}")).Resource(CoreTypes.ConfigMaps);

    private static Counted From(ConfigMap map) =>
        new(Number(map, "count"), Number(map, "epoch"), map.Metadata.ResourceVersion ?? "", map.Metadata.Uid ?? "", map.Data?.GetValueOrDefault("wanted") ?? "");

    private static long Number(ConfigMap map, string key) => long.Parse(map.Data?.GetValueOrDefault(key) ?? "0", CultureInfo.InvariantCulture);
}

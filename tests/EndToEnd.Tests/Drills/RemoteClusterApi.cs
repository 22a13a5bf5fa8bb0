using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Fleet.Control.Kinds;
using Fleet.ControlPlane.Machinery;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Watching;

namespace Fleet.EndToEnd.Tests.Drills;

/// <summary>A real API server as the simulated providers see it: reads come from what watches keep, writes go over REST. So its Clusters have machines, too.</summary>
internal sealed class RemoteClusterApi(IKubernetesClient client) : IClusterApi, IAsyncDisposable
{
    private readonly ConcurrentDictionary<ResourceKind, Lazy<Cache>> caches = new();
    private readonly ConcurrentDictionary<GroupVersionKind, ResourceKind> kinds = new();
    private readonly Lock gate = new();
    private readonly List<Action<ClusterChange>> subscribers = [];

    public string Name => "management";

    public string? KubernetesVersion { get; set; }

    public string? ClientAuthority { get; set; }

    public ApiFault? Fault { get; set; }

    public long Revision => 0;

    public ResourceKind? FindKind(GroupVersionKind kind)
    {
        if (kinds.TryGetValue(kind, out var known))
            return known;
        var found = client.FindKindAsync(kind, CancellationToken.None).GetAwaiter().GetResult();
        return found is null ? null : kinds[kind] = found;
    }

    public JsonObject? Get(ResourceKind kind, ObjectKey key) => IsKept(kind)
        ? CacheOf(kind).Get(key)
        : client.Dynamic(kind).GetAsync(key, CancellationToken.None).GetAwaiter().GetResult()?.Root;

    public IReadOnlyList<JsonObject> List(ResourceKind kind, string? @namespace = null, string? labelSelector = null) => labelSelector is null && IsKept(kind)
        ? CacheOf(kind).List(@namespace)
        : [.. client.Dynamic(kind).ListAsync(new() { Namespace = @namespace, LabelSelector = labelSelector }, CancellationToken.None).GetAwaiter().GetResult().Items.Select(item => item.Root)];

    public async ValueTask<JsonObject> CreateAsync(ResourceKind kind, JsonObject body, CancellationToken ct) =>
        Keep(kind, await client.Dynamic(kind).CreateAsync(new((JsonObject)body.DeepClone()), ct));

    public async ValueTask<JsonObject> UpdateAsync(ResourceKind kind, JsonObject body, CancellationToken ct) =>
        Keep(kind, await client.Dynamic(kind).UpdateAsync(new((JsonObject)body.DeepClone()), ct));

    public async ValueTask<JsonObject> UpdateStatusAsync(ResourceKind kind, JsonObject body, CancellationToken ct) =>
        Keep(kind, await client.Dynamic(kind).UpdateStatusAsync(new((JsonObject)body.DeepClone()), ct));

    public async ValueTask<JsonObject?> ChangeAsync(ResourceKind kind, ObjectKey key, Func<JsonObject, bool> change, bool status, CancellationToken ct)
    {
        for (var current = Get(kind, key); current is not null;)
        {
            var before = current.DeepClone();
            if (!change(current) || JsonNode.DeepEquals(before, current))
                return current;
            try
            {
                return status ? await UpdateStatusAsync(kind, current, ct) : await UpdateAsync(kind, current, ct);
            }
            catch (KubeApiException e) when (e.IsConflict)
            {
                var fresh = await client.Dynamic(kind).GetAsync(key, ct);
                current = fresh is null ? null : Keep(kind, fresh);
            }
            catch (KubeApiException e) when (e.IsNotFound)
            {
                return null;
            }
        }

        return null;
    }

    public async ValueTask<bool> DeleteAsync(ResourceKind kind, ObjectKey key, DeleteOptions options, CancellationToken ct)
    {
        var there = await client.Dynamic(kind).DeleteAsync(key, options, ct);
        if (IsKept(kind))
        {
            if (await client.Dynamic(kind).GetAsync(key, ct) is { } left)
                Keep(kind, left);
            else
                CacheOf(kind).Forget(key);
        }

        return there;
    }

    public IDisposable Subscribe(Action<ClusterChange> onChange)
    {
        lock (gate)
            subscribers.Add(onChange);
        return new Subscription(() =>
        {
            lock (gate)
                subscribers.Remove(onChange);
        });
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var cache in caches.Values)
            await cache.Value.DisposeAsync();
    }

    private static bool IsKept(ResourceKind kind) =>
        kind.Group.EndsWith("cluster.x-k8s.io", StringComparison.Ordinal) || kind == CoreKinds.Definitions || kind == CoreKinds.Secrets;

    private Cache CacheOf(ResourceKind kind) => caches.GetOrAdd(kind, made => new(() => new(client, made, Tell))).Value;

    private JsonObject Keep(ResourceKind kind, DynamicObject written)
    {
        // The last finalizer is gone, and with it the object: who kept it now would keep it for ever.
        if (IsKept(kind) && written.Metadata is { DeletionTimestamp: not null, Finalizers: null or { Count: 0 } })
            CacheOf(kind).Forget(written.Key);
        else if (IsKept(kind))
            CacheOf(kind).Put(written);
        return (JsonObject)written.Root.DeepClone();
    }

    private void Tell(ClusterChange change)
    {
        Action<ClusterChange>[] all;
        lock (gate)
            all = [.. subscribers];
        foreach (var subscriber in all)
            subscriber(change);
    }

    private sealed class Cache : IAsyncDisposable
    {
        private readonly ConcurrentDictionary<ObjectKey, (long Version, JsonObject Root)> items = new();
        private readonly Informer<DynamicObject, DynamicObject> informer;

        public Cache(IKubernetesClient client, ResourceKind kind, Action<ClusterChange> tell)
        {
            informer = client.Dynamic(kind).Informer(new InformerOptions<DynamicObject, DynamicObject> { Project = item => item, FirstBackoff = TimeSpan.FromMilliseconds(50), LongestBackoff = TimeSpan.FromMilliseconds(500) });
            informer.Subscribe(change =>
            {
                if (change.Type == InformerEventType.Deleted)
                    items.TryRemove(change.Key, out _);
                else
                    Put(change.Item);
                tell(new(change.Type switch { InformerEventType.Added => WatchEventType.Added, InformerEventType.Deleted => WatchEventType.Deleted, _ => WatchEventType.Modified }, kind, change.Key, 0));
            });
            informer.Start();
            informer.WaitForSyncAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System).GetAwaiter().GetResult();
        }

        public void Put(DynamicObject item)
        {
            var entry = (long.Parse(item.Metadata.ResourceVersion!, System.Globalization.CultureInfo.InvariantCulture), (JsonObject)item.Root.DeepClone());
            items.AddOrUpdate(item.Key, entry, (_, kept) => kept.Version > entry.Item1 ? kept : entry);
        }

        public void Forget(ObjectKey key) => items.TryRemove(key, out _);

        public JsonObject? Get(ObjectKey key) => items.TryGetValue(key, out var kept) ? Copy(kept.Root) : null;

        public IReadOnlyList<JsonObject> List(string? home) => [.. items.Where(entry => home is null || entry.Key.Namespace == home).OrderBy(entry => entry.Key).Select(entry => Copy(entry.Value.Root))];

        public ValueTask DisposeAsync() => informer.DisposeAsync();

        /// <summary>Nodes are parsed when they are first looked at, which only one thread may do.</summary>
        private static JsonObject Copy(JsonObject root)
        {
            lock (root)
                return (JsonObject)root.DeepClone();
        }
    }

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}

using Fleet.Kubernetes.Http;
using Fleet.Kubernetes.Objects;

namespace Fleet.Kubernetes.Discovery;

/// <summary>One snapshot for all callers; at most one refresh runs at a time and everybody who needs it waits for that one.</summary>
internal sealed class DiscoveryCache(KubeHttpPipeline pipeline) : IDiscovery
{
    /// <summary>kubectl keeps discovery for hours; a fleet manager meets new CRDs while it runs.</summary>
    internal static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);

    /// <summary>A missing kind makes the cache look again at most this often.</summary>
    internal static readonly TimeSpan MissInterval = TimeSpan.FromSeconds(5);

    private readonly DiscoveryReader reader = new(pipeline);
    private readonly Lock gate = new();
    private Snapshot? snapshot;
    private Task<Snapshot>? refresh;

    public async Task<ResourceKind?> FindAsync(GroupVersionKind kind, CancellationToken ct)
        => (await LookUpAsync(s => s.ByKind.GetValueOrDefault(kind), ct))?.Kind;

    public Task<ApiResource?> FindByWordAsync(string word, CancellationToken ct)
        => LookUpAsync(s => KindWords.Find(s.Resources, word), ct);

    public async Task<IReadOnlyList<ApiResource>> AllAsync(CancellationToken ct) => (await CurrentAsync(ct)).Resources;

    public void Invalidate()
    {
        lock (gate)
            snapshot = null;
    }

    private async Task<ApiResource?> LookUpAsync(Func<Snapshot, ApiResource?> find, CancellationToken ct)
    {
        var seen = await CurrentAsync(ct);
        if (find(seen) is { } found)
            return found;
        if (pipeline.Clock.GetElapsedTime(seen.ReadAt) < MissInterval)
            return null;
        return find(await RefreshAsync(seen, ct));
    }

    private Task<Snapshot> CurrentAsync(CancellationToken ct)
    {
        var current = Volatile.Read(ref snapshot);
        return current is not null && pipeline.Clock.GetElapsedTime(current.ReadAt) < Fresh ? Task.FromResult(current) : RefreshAsync(current, ct);
    }

    private async Task<Snapshot> RefreshAsync(Snapshot? stale, CancellationToken ct)
    {
        Task<Snapshot> running;
        lock (gate)
        {
            if (snapshot is { } newer && !ReferenceEquals(newer, stale))
                return newer;
            // Not with the caller's token: others wait for the same answer. The pipeline's time-out bounds it.
            running = refresh ??= ReadAsync();
        }

        return await running.WaitAsync(ct);
    }

    private async Task<Snapshot> ReadAsync()
    {
        await Task.Yield();
        try
        {
            var read = new Snapshot(await reader.ReadAsync(CancellationToken.None), pipeline.Clock.GetTimestamp());
            lock (gate)
                snapshot = read;
            return read;
        }
        finally
        {
            lock (gate)
                refresh = null;
        }
    }

    private sealed class Snapshot(IReadOnlyList<ApiResource> resources, long readAt)
    {
        internal IReadOnlyList<ApiResource> Resources { get; } = resources;
        internal long ReadAt { get; } = readAt;
        internal Dictionary<GroupVersionKind, ApiResource> ByKind { get; } = Index(resources);

        private static Dictionary<GroupVersionKind, ApiResource> Index(IReadOnlyList<ApiResource> resources)
        {
            var byKind = new Dictionary<GroupVersionKind, ApiResource>();
            foreach (var resource in resources)
                byKind.TryAdd(resource.Kind.GroupVersionKind, resource);
            return byKind;
        }
    }
}

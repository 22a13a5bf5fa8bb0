using System.Collections.Concurrent;

namespace Fleet.ReplicaProcess.Stores;

/// <summary>Serves, while a file exists, what was read last before: as a cache does whose watch is held back.</summary>
internal sealed class HeldBackView(ICountStore store, string file) : ICountStore
{
    private readonly ConcurrentDictionary<string, Counted?> last = [];

    public string Name => store.Name;

    public async Task<Counted?> ReadAsync(string cluster, CancellationToken ct) =>
        File.Exists(file) && last.TryGetValue(cluster, out var old) ? old : last[cluster] = await store.ReadAsync(cluster, ct);

    public Task<Counted?> WriteAsync(Counted? seen, NextCount next, CancellationToken ct) => store.WriteAsync(seen, next, ct);
}

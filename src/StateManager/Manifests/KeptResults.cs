namespace Fleet.StateManager.Manifests;

/// <summary>
/// Results that cost much and are asked for often: made once for all who ask at the same time, kept up to a size, the least recently used go first. What
/// fails is not kept.
/// </summary>
/// <param name="capacity">Of all results together, in the measure of <paramref name="size"/>.</param>
/// <param name="size">Of one result.</param>
internal sealed class KeptResults<TKey, TResult>(long capacity, Func<TResult, long> size)
    where TKey : notnull
{
    private readonly Lock gate = new();
    private readonly Dictionary<TKey, LinkedListNode<Kept>> byKey = [];
    private readonly LinkedList<Kept> byUse = new();

    /// <param name="key">Equal keys have equal results.</param>
    /// <param name="make">Not cancelled with one of those who wait, so it needs a limit of its own.</param>
    /// <param name="ct">Ends this caller's wait.</param>
    public async Task<TResult> GetAsync(TKey key, Func<Task<TResult>> make, CancellationToken ct)
    {
        Task<TResult> result;
        lock (gate)
        {
            if (byKey.TryGetValue(key, out var known) && !known.Value.Result.IsFaulted && !known.Value.Result.IsCanceled)
            {
                byUse.Remove(known);
            }
            else
            {
                if (known is not null)
                    byUse.Remove(known);
                byKey[key] = known = new(new(key, Task.Run(make, CancellationToken.None)));
            }
            byUse.AddFirst(known);
            result = known.Value.Result;
        }
        var value = await result.WaitAsync(ct);
        Evict();
        return value;
    }

    private void Evict()
    {
        lock (gate)
        {
            var total = byUse.Sum(kept => kept.Size(size));
            while (total > capacity && byUse.Last is { } last && last != byUse.First)
            {
                total -= last.Value.Size(size);
                byUse.RemoveLast();
                byKey.Remove(last.Value.Key);
            }
        }
    }

    private sealed record Kept(TKey Key, Task<TResult> Result)
    {
        public long Size(Func<TResult, long> size) => Result.IsCompletedSuccessfully ? size(Result.Result) : 0;
    }
}

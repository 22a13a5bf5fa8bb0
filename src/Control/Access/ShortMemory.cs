using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Fleet.Control.Access;

/// <summary>Remembers values for a fixed time, and a bounded number of them.</summary>
internal sealed class ShortMemory<TKey, TValue>(TimeSpan lasts, TimeProvider clock) where TKey : notnull
{
    /// <summary>Some MiB at most; when it is reached, what has ended goes first, then everything.</summary>
    internal const int Most = 10_000;

    private readonly ConcurrentDictionary<TKey, (TValue Value, long At)> entries = new();

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        var found = entries.TryGetValue(key, out var entry) && clock.GetElapsedTime(entry.At) < lasts;
        value = found ? entry.Value : default;
        return found;
    }

    public void Keep(TKey key, TValue value)
    {
        if (entries.Count >= Most)
        {
            foreach (var (old, entry) in entries)
                if (clock.GetElapsedTime(entry.At) >= lasts)
                    entries.TryRemove(old, out _);
            if (entries.Count >= Most)
                entries.Clear();
        }

        entries[key] = (value, clock.GetTimestamp());
    }

    public void Forget(TKey key) => entries.TryRemove(key, out _);
}

using System.Collections.Frozen;

namespace Fleet.Observability.Objects;

/// <summary>
/// Labels or annotations, bounded: what many pods of one workload share is kept once, and what nobody would group costs by (long texts, what kubectl
/// applied last) is not kept.
/// </summary>
internal sealed class Texts : IEquatable<Texts>
{
    private const int Most = 64;

    /// <summary>A label's value has at most 63 characters; an annotation that is used like one has not many more.</summary>
    private const int LongestValue = 128;

    private readonly FrozenDictionary<string, string> values;
    private readonly int hash;

    private Texts(FrozenDictionary<string, string> values)
    {
        this.values = values;
        foreach (var (key, value) in values)
            hash ^= HashCode.Combine(key, value);
    }

    public static Texts None { get; } = new(FrozenDictionary<string, string>.Empty);

    public string? this[string key] => values.GetValueOrDefault(key);

    public IReadOnlyDictionary<string, string> Values => values;

    public static Texts Of(IReadOnlyDictionary<string, string>? found)
    {
        if (found is not { Count: > 0 })
            return None;
        // The first in order, so that the same ones are left out each time.
        var kept = found.Where(pair => pair.Value.Length <= LongestValue && !IsNoise(pair.Key)).OrderBy(pair => pair.Key, StringComparer.Ordinal).Take(Most).ToList();
        return kept.Count == 0 ? None : new(kept.ToFrozenDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal));
    }

    public bool Equals(Texts? other) =>
        ReferenceEquals(this, other)
        || (other is not null && hash == other.hash && values.Count == other.values.Count && values.All(pair => other.values.TryGetValue(pair.Key, out var value) && value == pair.Value));

    public override bool Equals(object? obj) => Equals(obj as Texts);

    public override int GetHashCode() => hash;

    /// <summary>Of one revision or one pod: no group of costs, and another one with each rollout.</summary>
    private static bool IsNoise(string key) => key is "pod-template-hash" or "controller-revision-hash" or "pod-template-generation" or "controller-uid" or "batch.kubernetes.io/controller-uid"
        || key.StartsWith("kubectl.kubernetes.io/", StringComparison.Ordinal) || key.StartsWith("checksum/", StringComparison.Ordinal);
}

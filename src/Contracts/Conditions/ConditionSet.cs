using System.Collections;

namespace Fleet.Contracts.Conditions;

/// <summary>
/// Conditions in a fixed order, one per type. Immutable: every change gives a new set. <see cref="Condition.LastTransitionTime"/> is kept
/// while the status of a condition stays and becomes the given time when it changes.
/// </summary>
public sealed class ConditionSet(IEnumerable<Condition> conditions) : IReadOnlyList<Condition>
{
    private readonly List<Condition> items = [.. conditions.DistinctBy(condition => condition.Type)];

    public static ConditionSet Empty { get; } = new([]);

    public int Count => items.Count;

    public Condition this[int index] => items[index];

    public Condition? Find(ConditionType type) => items.Find(condition => condition.Type == type);

    public bool IsTrue(ConditionType type) => Find(type)?.Status == ConditionStatus.True;

    /// <summary>Sets a condition at the place where its type stands, or at the end.</summary>
    public ConditionSet With(Condition condition, DateTimeOffset now)
    {
        var index = items.FindIndex(other => other.Type == condition.Type);
        if (index < 0)
            return new(items.Append(condition with { LastTransitionTime = now }));
        var since = items[index].Status == condition.Status ? items[index].LastTransitionTime : now;
        return new([.. items[..index], condition with { LastTransitionTime = since }, .. items[(index + 1)..]]);
    }

    public ConditionSet Without(ConditionType type) => new(items.Where(condition => condition.Type != type));

    /// <summary>
    /// The set after its owner has found <paramref name="wanted"/>: owned types that are not wanted any more go, those of others stay untouched.
    /// </summary>
    public ConditionSet Replace(IReadOnlySet<ConditionType> owned, IEnumerable<Condition> wanted, DateTimeOffset now)
    {
        var all = wanted.ToList();
        var kept = new ConditionSet(items.Where(condition => !owned.Contains(condition.Type) || all.Exists(other => other.Type == condition.Type)));
        return all.Aggregate(kept, (set, condition) => set.With(condition, now));
    }

    public IEnumerator<Condition> GetEnumerator() => items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

using System.Collections;

namespace Fleet.Observability.Objects;

/// <summary>A list that equals another one with equal items, so that rows with lists compare by value.</summary>
internal sealed class Sequence<T> : IReadOnlyList<T>, IEquatable<Sequence<T>>
{
    private readonly T[] items;

    private Sequence(T[] items) => this.items = items;

    public static Sequence<T> Empty { get; } = new([]);

    public int Count => items.Length;

    public T this[int index] => items[index];

    public static Sequence<T> Of(IEnumerable<T> items) => items.ToArray() is { Length: > 0 } found ? new(found) : Empty;

    public bool Equals(Sequence<T>? other) => other is not null && items.AsSpan().SequenceEqual(other.items);

    public override bool Equals(object? obj) => Equals(obj as Sequence<T>);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var item in items)
            hash.Add(item);
        return hash.ToHashCode();
    }

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => items.GetEnumerator();
}

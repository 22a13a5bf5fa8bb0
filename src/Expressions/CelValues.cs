using System.Collections;

namespace Fleet.Expressions;

/// <summary>
/// A failure while evaluating. It is a value, because <c>&amp;&amp;</c>, <c>||</c> and the macros may absorb it.
/// </summary>
internal sealed record CelError(string Message)
{
    public static CelError NoOverload { get; } = new("no such overload");
    public static CelError Overflow { get; } = new("integer overflow");

    public static CelError NoKey(object? key) => new($"no such key: {CelText.Show(key)}");
}

/// <summary>A type as a value.</summary>
internal sealed record CelType(string Name)
{
    public static object? Of(object? value) => value switch
    {
        null => new CelType("null_type"),
        bool => new CelType("bool"),
        long => new CelType("int"),
        ulong => new CelType("uint"),
        double => new CelType("double"),
        string => new CelType("string"),
        byte[] => new CelType("bytes"),
        CelList => new CelType("list"),
        CelMap => new CelType("map"),
        TimeSpan => new CelType("google.protobuf.Duration"),
        DateTimeOffset => new CelType("google.protobuf.Timestamp"),
        CelType => new CelType("type"),
        CelError => value,
        CelQuantity => new CelType("kubernetes.Quantity"),
        CelUrl => new CelType("kubernetes.URL"),
        CelIp => new CelType("net.IP"),
        CelCidr => new CelType("net.CIDR"),
        _ => CelError.NoOverload,
    };
}

/// <summary>A list; JSON lists are converted item by item, when they are looked at.</summary>
internal abstract class CelList : IReadOnlyList<object?>
{
    public abstract object? this[int index] { get; }

    public abstract int Count { get; }

    /// <summary>Order does not matter for equality.</summary>
    public virtual bool IsSet => false;

    public IEnumerator<object?> GetEnumerator()
    {
        for (var i = 0; i < Count; i++) yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

internal sealed class CelArray(IReadOnlyList<object?> items) : CelList
{
    public override object? this[int index] => items[index];

    public override int Count => items.Count;
}

/// <summary>A map; keys are bool, int, uint or string.</summary>
internal abstract class CelMap
{
    public abstract int Count { get; }

    public abstract IEnumerable<object> Keys { get; }

    public abstract bool TryGet(object key, out object? value);

    /// <summary>For <c>map.field</c>, where the name may be escaped.</summary>
    public virtual bool TryGetField(string name, out object? value) => TryGet(name, out value);
}

internal sealed class CelDictionary(Dictionary<object, object?> entries) : CelMap
{
    public override int Count => entries.Count;

    public override IEnumerable<object> Keys => entries.Keys;

    public override bool TryGet(object key, out object? value) => entries.TryGetValue(Normalize(key) ?? key, out value);

    /// <summary>Keys that are equal in CEL are one key: whole numbers of any type are ints. Null when the value is no key.</summary>
    public static object? Normalize(object? key) => key switch
    {
        ulong u when u <= long.MaxValue => (long)u,
        double d when d == Math.Floor(d) && Math.Abs(d) < 9e18 => (long)d,
        bool or long or ulong or string => key,
        _ => null,
    };
}

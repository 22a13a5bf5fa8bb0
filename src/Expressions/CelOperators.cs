using System.Numerics;

namespace Fleet.Expressions;

/// <summary>Arithmetic, comparison and equality.</summary>
internal static class CelOperators
{
    private static readonly DateTimeOffset s_first = new(1, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static object? Apply(string function, object?[] a) => function switch
    {
        "_+_" => Add(a[0], a[1]),
        "_-_" => Subtract(a[0], a[1]),
        "_*_" => Multiply(a[0], a[1]),
        "_/_" => Divide(a[0], a[1]),
        "_%_" => Modulo(a[0], a[1]),
        "_==_" => AreEqual(a[0], a[1]),
        "_!=_" => !AreEqual(a[0], a[1]),
        "_<_" => Order(a[0], a[1], c => c < 0),
        "_<=_" => Order(a[0], a[1], c => c <= 0),
        "_>_" => Order(a[0], a[1], c => c > 0),
        "_>=_" => Order(a[0], a[1], c => c >= 0),
        "_in_" => In(a[0], a[1]),
        "_[_]" => Index(a[0], a[1]),
        "!_" => a[0] is bool b ? !b : CelError.NoOverload,
        "-_" => a[0] switch
        {
            long.MinValue => CelError.Overflow,
            long l => -l,
            double d => -d,
            TimeSpan t => -t,
            _ => CelError.NoOverload,
        },
        _ => CelError.NoOverload,
    };

    private static object Add(object? a, object? b)
    {
        switch (a, b)
        {
            case (long x, long y): return Checked(() => checked(x + y));
            case (ulong x, ulong y): return Checked(() => checked(x + y));
            case (double x, double y): return x + y;
            case (string x, string y): return x + y;
            case (byte[] x, byte[] y): return x.Concat(y).ToArray();
            case (CelList x, CelList y): return new CelArray([.. x, .. y]);
            case (TimeSpan x, TimeSpan y): return CelDurations.InRange(Checked(() => x + y));
            case (DateTimeOffset x, TimeSpan y): return Shift(x, y);
            case (TimeSpan x, DateTimeOffset y): return Shift(y, x);
            default: return CelError.NoOverload;
        }
    }

    private static object Subtract(object? a, object? b)
    {
        switch (a, b)
        {
            case (long x, long y): return Checked(() => checked(x - y));
            case (ulong x, ulong y): return Checked(() => checked(x - y));
            case (double x, double y): return x - y;
            case (TimeSpan x, TimeSpan y): return CelDurations.InRange(Checked(() => x - y));
            case (DateTimeOffset x, DateTimeOffset y): return CelDurations.Between(x - y);
            case (DateTimeOffset x, TimeSpan y): return Shift(x, -y);
            default: return CelError.NoOverload;
        }
    }

    private static object Multiply(object? a, object? b) => (a, b) switch
    {
        (long x, long y) => Checked(() => checked(x * y)),
        (ulong x, ulong y) => Checked(() => checked(x * y)),
        (double x, double y) => x * y,
        _ => CelError.NoOverload,
    };

    private static object Divide(object? a, object? b) => (a, b) switch
    {
        (long, 0L) or (ulong, 0UL) => new CelError("division by zero"),
        (long.MinValue, -1L) => CelError.Overflow,
        (long x, long y) => x / y,
        (ulong x, ulong y) => x / y,
        (double x, double y) => x / y,
        _ => CelError.NoOverload,
    };

    private static object Modulo(object? a, object? b) => (a, b) switch
    {
        (long, 0L) or (ulong, 0UL) => new CelError("modulus by zero"),
        (long.MinValue, -1L) => CelError.Overflow,
        (long x, long y) => x % y,
        (ulong x, ulong y) => x % y,
        _ => CelError.NoOverload,
    };

    private static object Shift(DateTimeOffset time, TimeSpan by) =>
        by > DateTimeOffset.MaxValue - time || by < s_first - time ? new CelError("timestamp overflow") : time + by;

    private static object Checked<T>(Func<T> compute) where T : notnull
    {
        try
        {
            return compute();
        }
        catch (OverflowException)
        {
            return CelError.Overflow;
        }
    }

    private static object Order(object? a, object? b, Func<int, bool> test)
    {
        if (a is double.NaN || b is double.NaN) return Compare(a is double ? 0d : a, b is double ? 0d : b) is null ? CelError.NoOverload : false;
        return Compare(a, b) is { } order ? test(order) : CelError.NoOverload;
    }

    /// <summary>Null when the values have no order. Numbers of all types are compared by their value.</summary>
    public static int? Compare(object? a, object? b) => (a, b) switch
    {
        (long x, long y) => x.CompareTo(y),
        (double x, double y) => x.CompareTo(y),
        (long or ulong or double, long or ulong or double) => CompareNumbers(a, b),
        (string x, string y) => string.CompareOrdinal(x, y),
        (bool x, bool y) => x.CompareTo(y),
        (byte[] x, byte[] y) => x.AsSpan().SequenceCompareTo(y),
        (TimeSpan x, TimeSpan y) => x.CompareTo(y),
        (DateTimeOffset x, DateTimeOffset y) => x.CompareTo(y),
        _ => null,
    };

    private static int CompareNumbers(object a, object b)
    {
        if (a is not double && b is not double) return Whole(a).CompareTo(Whole(b));
        double x = ToDouble(a), y = ToDouble(b);
        if (x != y || double.IsInfinity(x)) return x.CompareTo(y);
        // Doubles cannot tell all 64-bit numbers apart; whole ones can be compared exactly.
        return Whole(a).CompareTo(Whole(b));
    }

    private static BigInteger Whole(object number) => number switch { long l => l, ulong u => u, double d => new BigInteger(Math.Floor(d)), _ => 0 };

    private static double ToDouble(object number) => number switch { long l => l, ulong u => u, double d => d, _ => double.NaN };

    public static bool AreEqual(object? a, object? b) => (a, b) switch
    {
        (null, null) => true,
        (null, _) or (_, null) => false,
        (double x, double y) => x == y,
        (long or ulong or double, long or ulong or double) => a is not double.NaN && b is not double.NaN && CompareNumbers(a, b) == 0,
        (byte[] x, byte[] y) => x.AsSpan().SequenceEqual(y),
        (CelList x, CelList y) => ListsEqual(x, y),
        (CelMap x, CelMap y) => x.Count == y.Count && x.Keys.All(k => x.TryGet(k, out var v) && y.TryGet(k, out var w) && AreEqual(v, w)),
        _ => a.Equals(b),
    };

    private static bool ListsEqual(CelList x, CelList y)
    {
        if (x.Count != y.Count) return false;
        if (x.IsSet || y.IsSet) return x.All(item => Contains(y, item));
        for (var i = 0; i < x.Count; i++)
            if (!AreEqual(x[i], y[i])) return false;
        return true;
    }

    public static bool Contains(CelList list, object? value) => list.Any(item => AreEqual(item, value));

    private static object In(object? value, object? container) => container switch
    {
        CelList list => Contains(list, value),
        CelMap map => CelDictionary.Normalize(value) is { } key && map.TryGet(key, out _),
        _ => CelError.NoOverload,
    };

    private static object? Index(object? container, object? index)
    {
        switch (container)
        {
            case CelMap map:
                if (CelDictionary.Normalize(index) is not { } key) return CelError.NoKey(index);
                return map.TryGet(key, out var value) ? value : CelError.NoKey(index);
            case CelList list:
                if (CelDictionary.Normalize(index) is not long at) return index is long or ulong or double ? OutOfBounds(index) : CelError.NoOverload;
                return at >= 0 && at < list.Count ? list[(int)at] : OutOfBounds(index);
            default:
                return CelError.NoOverload;
        }
    }

    private static CelError OutOfBounds(object? index) => new($"index out of bounds: {CelText.Show(index)}");
}

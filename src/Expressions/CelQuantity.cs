using System.Globalization;

namespace Fleet.Expressions;

/// <summary>A Kubernetes quantity: <c>1.5Gi</c>, <c>100m</c>, <c>1e3</c>. Equal when the amounts are.</summary>
internal sealed record CelQuantity(decimal Value)
{
    public bool IsInteger => Value == Math.Floor(Value) && Value is >= long.MinValue and <= long.MaxValue;

    /// <summary>Null when it is none, or larger than anything a cluster can have.</summary>
    public static CelQuantity? Parse(string text)
    {
        var at = 0;
        if (at < text.Length && text[at] is '+' or '-') at++;
        var digits = at;
        while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] == '.')) at++;
        if (at == digits || !decimal.TryParse(text[..at], NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return null;
        try
        {
            return Factor(text[at..]) is { } factor ? new CelQuantity(number * factor) : null;
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    public object Plus(decimal other)
    {
        try
        {
            return new CelQuantity(Value + other);
        }
        catch (OverflowException)
        {
            return CelError.Overflow;
        }
    }

    public override string ToString() => Value.ToString("0.############################", CultureInfo.InvariantCulture);

    private static decimal? Factor(string suffix) => suffix switch
    {
        "" => 1m,
        "n" => 0.000_000_001m,
        "u" => 0.000_001m,
        "m" => 0.001m,
        "k" => 1_000m,
        "M" => 1_000_000m,
        "G" => 1_000_000_000m,
        "T" => 1_000_000_000_000m,
        "P" => 1_000_000_000_000_000m,
        "E" => 1_000_000_000_000_000_000m,
        "Ki" => 1L << 10,
        "Mi" => 1L << 20,
        "Gi" => 1L << 30,
        "Ti" => 1L << 40,
        "Pi" => 1L << 50,
        "Ei" => 1L << 60,
        ['e' or 'E', .. var exponent] when int.TryParse(exponent, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var e) && e is >= -27 and <= 27 =>
            decimal.Parse($"1e{e}", NumberStyles.Float, CultureInfo.InvariantCulture),
        _ => null,
    };
}

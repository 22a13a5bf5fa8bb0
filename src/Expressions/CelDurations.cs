using System.Globalization;
using System.Text;

namespace Fleet.Expressions;

/// <summary>Durations as Go writes them: <c>1h30m</c>, <c>1.5s</c>, <c>-10ms</c>. In memory they are ticks of 100 ns.</summary>
public static class CelDurations
{
    /// <summary>About 10,000 years: the range that the definition of a duration gives.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(315_576_000_000);

    internal static object InRange(object duration) => duration is TimeSpan t && t.Duration() > s_longest ? new CelError("duration out of range") : duration;

    /// <summary>Go counts the time between two timestamps in nanoseconds, which fit for 292 years.</summary>
    internal static object Between(TimeSpan difference) => difference.Duration().Ticks > long.MaxValue / 100 ? new CelError("duration out of range") : difference;

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        var rest = text.AsSpan();
        var negative = false;
        if (rest.Length > 0 && rest[0] is '-' or '+')
        {
            negative = rest[0] == '-';
            rest = rest[1..];
        }
        if (rest is "0") return true;
        if (rest.Length == 0) return false;
        decimal ticks = 0;
        while (rest.Length > 0)
        {
            var digits = 0;
            while (digits < rest.Length && (char.IsAsciiDigit(rest[digits]) || rest[digits] == '.')) digits++;
            if (digits == 0 || !decimal.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return false;
            rest = rest[digits..];
            var letters = 0;
            while (letters < rest.Length && !char.IsAsciiDigit(rest[letters]) && rest[letters] != '.') letters++;
            decimal? unit = rest[..letters] switch
            {
                "ns" => 0.01m,
                "us" or "µs" or "μs" => 10m,
                "ms" => 10_000m,
                "s" => 10_000_000m,
                "m" => 600_000_000m,
                "h" => 36_000_000_000m,
                _ => null,
            };
            if (unit is null || number > 1e15m) return false;
            ticks += number * unit.Value;
            rest = rest[letters..];
        }
        if (ticks > long.MaxValue) return false;
        duration = new TimeSpan(negative ? -(long)ticks : (long)ticks);
        return true;
    }

    /// <summary>As <c>string(duration)</c> gives it: seconds with a trailing s.</summary>
    public static string Format(TimeSpan duration) => new StringBuilder()
        .Append((duration.Ticks / 10_000_000m).ToString("0.#######", CultureInfo.InvariantCulture)).Append('s').ToString();
}

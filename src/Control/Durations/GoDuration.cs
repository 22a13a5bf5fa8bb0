using System.Buffers;
using System.Globalization;

namespace Fleet.Control.Durations;

/// <summary>Durations as Go and Kubernetes write them: <c>5m</c>, <c>1h30m</c>, <c>1.5s</c>.</summary>
public static class GoDuration
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    /// <summary>Ten years: beyond is a mistake, and would not fit into a date.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    /// <summary>False for anything else, also for nothing and for more than ten years.</summary>
    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        var rest = (text ?? "").AsSpan().Trim();
        if (rest.IsEmpty)
            return false;
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept(Digits);
            if (digits <= 0 || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
                return false;
            rest = rest[digits..];
            var letters = rest.IndexOfAny(Digits);
            var unit = letters < 0 ? rest : rest[..letters];
            var milliseconds = unit switch { "ms" => 1d, "s" => 1000, "m" => 60_000, "h" => 3_600_000, _ => -1 };
            if (milliseconds < 0 || number * milliseconds > Longest.TotalMilliseconds)
                return false;
            duration += TimeSpan.FromMilliseconds(number * milliseconds);
            rest = letters < 0 ? [] : rest[letters..];
        }
        return true;
    }
}

using System.Globalization;

namespace Fleet.Observability.Query.Prometheus;

/// <summary>Durations as Prometheus writes them: <c>5m</c>, <c>1d12h</c>. A year has 365 days.</summary>
internal static class PromDuration
{
    private static readonly (string Unit, double Seconds)[] Units = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("d", 86_400), ("w", 604_800), ("y", 31_536_000)];

    /// <summary>False for anything else, also for more than a hundred years.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        double seconds = 0;
        for (var at = 0; at < text.Length;)
        {
            var digits = at;
            while (at < text.Length && char.IsAsciiDigit(text[at]))
                at++;
            var unit = Units.FirstOrDefault(one => string.CompareOrdinal(text, at, one.Unit, 0, one.Unit.Length) == 0);
            if (at == digits || unit.Unit is null || !double.TryParse(text.AsSpan(digits, at - digits), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                return false;
            seconds += number * unit.Seconds;
            at += unit.Unit.Length;
        }
        if (text.Length == 0 || seconds > 3.2e9)
            return false;
        duration = TimeSpan.FromSeconds(seconds);
        return true;
    }
}

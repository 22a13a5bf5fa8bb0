using System.Globalization;

namespace Fleet.Cli.Commands.Alerts;

/// <summary>Lengths of time as people write them.</summary>
internal static class AlertTimes
{
    private const double LongestDays = 366;

    /// <summary>Null when it is none, or longer than a year.</summary>
    public static TimeSpan? Of(string text)
    {
        if (text.Length < 2 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == 0)
            return null;
        var days = text[^1] switch
        {
            'm' => number / 1440.0,
            'h' => number / 24.0,
            'd' => number,
            'w' => number * 7.0,
            _ => double.MaxValue,
        };
        return days <= LongestDays ? TimeSpan.FromDays(days) : null;
    }
}

using System.Globalization;
using System.Text.RegularExpressions;
using Fleet.Cli.Output;

namespace Fleet.Cli.Commands.Costs;

/// <summary>Which window is as long as another and lies before it. Pure.</summary>
internal static partial class CostWindows
{
    /// <exception cref="CommandException">There is none, or it is not known.</exception>
    public static string Before(string window) => window switch
    {
        "today" => "yesterday",
        "week" => "lastweek",
        "month" => "lastmonth",
        "yesterday" => "1d offset 1d",
        "lastweek" => "1w offset 1w",
        _ when Length().IsMatch(window) => $"{window} offset {window}",
        _ when window.Split(',') is [var first, var last] && TryTime(first, out var start) && TryTime(last, out var end) && start < end => $"{Text(start - (end - start))},{Text(start)}",
        _ => throw new CommandException($"It is not known what lies before \"{window}\": --compare takes 7d, today, week, month or two times.", ExitCodes.Usage),
    };

    private static bool TryTime(string text, out DateTimeOffset time) => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);

    private static string Text(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    [GeneratedRegex("^[0-9]{1,5}[mhdw]$", RegexOptions.CultureInvariant)]
    private static partial Regex Length();
}

using System.Globalization;
using System.Text.RegularExpressions;
using Fleet.Cost;

namespace Fleet.Observability.Teams;

/// <summary>A month, quarter or year of the calendar: 2026-10, 2026-Q4, 2026. Pure.</summary>
internal sealed partial record ShowbackPeriod(string Text, DateOnly First, DateOnly Before, DateOnly End)
{
    /// <exception cref="CostQueryException">It is none.</exception>
    public static ShowbackPeriod Parse(string? text, DateOnly today)
    {
        text = string.IsNullOrEmpty(text) ? today.ToString("yyyy-MM", CultureInfo.InvariantCulture) : text;
        if (Written().Match(text) is not { Success: true } match)
            throw new CostQueryException("a period is a month, quarter or year: 2026-10, 2026-Q4, 2026");
        var year = int.Parse(match.Groups["year"].Value, CultureInfo.InvariantCulture);
        var (month, length) = match.Groups["month"].Success ? (Number("month"), 1) : match.Groups["quarter"].Success ? (Number("quarter") * 3 - 2, 3) : (1, 12);
        var first = new DateOnly(year, month, 1);
        return new(text, first, first.AddMonths(-length), first.AddMonths(length));

        int Number(string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("^(?<year>20[0-9]{2})(-(?<month>0[1-9]|1[0-2])|-Q(?<quarter>[1-4]))?$", RegexOptions.CultureInvariant)]
    private static partial Regex Written();
}

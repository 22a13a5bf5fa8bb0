using System.Globalization;
using System.Text.RegularExpressions;

namespace Fleet.Cost.Allocations;

/// <summary>
/// Reads OpenCost's windows: <c>today</c>, <c>yesterday</c>, <c>week</c>, <c>month</c>, <c>lastweek</c>, <c>lastmonth</c>; <c>45m</c>, <c>12h</c>, <c>7d</c>, <c>2w</c>, also with
/// <c>offset 1d</c>; pairs of RFC 3339 times or Unix seconds. Weeks begin on Sunday. Pure: the time is given.
/// </summary>
public static partial class WindowParser
{
    /// <summary>Three years and a day: what a page may ask for at once.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(3 * 365 + 2);

    /// <summary>As many hourly steps as a year and a bit has.</summary>
    public const int MostSteps = 10_000;

    private const int LongestText = 80;

    // Offsets may reach further back than a window is long.
    private static readonly TimeSpan MuchLonger = TimeSpan.FromDays(36_500);

    private static readonly DateTimeOffset Earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Latest = new(2200, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <param name="text">The window.</param>
    /// <param name="now">The time.</param>
    /// <param name="utcOffset">Where days begin: the offset of the asker's clock from UTC.</param>
    /// <exception cref="CostQueryException">It is no window, or a longer one than <see cref="Longest"/>.</exception>
    public static QueryWindow Parse(string text, DateTimeOffset now, TimeSpan utcOffset = default)
    {
        if (text.Length > LongestText)
            throw new CostQueryException($"a window has at most {LongestText} characters");
        var window = Read(text.Trim(), now.ToOffset(utcOffset)) ?? throw new CostQueryException(
            $"{CostQueryException.Quote(text)} is no window: use today, 7d, 12h offset 1d, lastweek, or two times as 2026-01-01T00:00:00Z,2026-02-01T00:00:00Z or 1767225600,1769904000");
        if (window.End <= window.Start)
            throw new CostQueryException($"window {CostQueryException.Quote(text)} ends before it begins");
        if (window.Duration > Longest)
            throw new CostQueryException($"window {CostQueryException.Quote(text)} is longer than {Longest.TotalDays:0} days");
        if (window.Start < Earliest || window.End > Latest)
            throw new CostQueryException($"window {CostQueryException.Quote(text)} is not in the years {Earliest.Year} to {Latest.Year}");
        return window;
    }

    /// <summary>A length of time as steps and resolutions are written: <c>1h</c>, <c>1d</c>, <c>30m</c>.</summary>
    public static TimeSpan ParseStep(string text) =>
        text.Length <= LongestText && Step().Match(text.Trim()) is { Success: true } match && Length(match, 1) is { } length && length > TimeSpan.Zero && length <= Longest
            ? length
            : throw new CostQueryException($"{CostQueryException.Quote(text)} is no step: use 1h, 1d or 1w");

    /// <summary>An offset from UTC as <c>-07:00</c>.</summary>
    public static TimeSpan ParseUtcOffset(string text)
    {
        if (text is "" or "UTC" or "Z")
            return TimeSpan.Zero;
        if (UtcOffset().Match(text) is not { Success: true } match)
            throw new CostQueryException($"{CostQueryException.Quote(text)} is no offset from UTC: use -07:00");
        var offset = new TimeSpan(Number(match, 2), Number(match, 3), 0);
        return offset <= TimeSpan.FromHours(14)
            ? match.Groups[1].Value == "-" ? -offset : offset
            : throw new CostQueryException($"{CostQueryException.Quote(text)} is more than 14 hours from UTC");
    }

    private static QueryWindow? Read(string text, DateTimeOffset now)
    {
        var today = new DateTimeOffset(now.Date, now.Offset);
        var week = today.AddDays(-(int)today.DayOfWeek);
        var month = today.AddDays(1 - today.Day);
        return text switch
        {
            "today" => new(today, today.AddDays(1)),
            "yesterday" => new(today.AddDays(-1), today),
            "week" => new(week, now),
            "month" => new(month, now),
            "lastweek" => new(week.AddDays(-7), week),
            "lastmonth" => new(month.AddMonths(-1), month),
            _ => OfLength(text, now, today) ?? OfTimes(text),
        };
    }

    private static QueryWindow? OfLength(string text, DateTimeOffset now, DateTimeOffset today)
    {
        if (Backwards().Match(text) is not { Success: true } match || Length(match, 1) is not { } length)
            return null;
        if (match.Groups[3].Success)
            return Length(match, 3) is { } offset ? new(now - offset - length, now - offset) : null;
        // The running minute, hour or day counts as a whole: 7d is today and the six days before it.
        var unit = match.Groups[2].Value is "w" ? TimeSpan.FromDays(1) : Unit(match.Groups[2].Value);
        var end = today + unit * (Math.Floor((now - today) / unit) + 1);
        return new(end - length, end);
    }

    private static QueryWindow? OfTimes(string text)
    {
        if (Seconds().Match(text) is { Success: true } seconds)
            return FromSeconds(seconds.Groups[1].Value) is { } from && FromSeconds(seconds.Groups[2].Value) is { } to ? new(from, to) : null;
        var times = text.Split(',');
        return times.Length == 2 && FromText(times[0]) is { } start && FromText(times[1]) is { } end ? new(start, end) : null;
    }

    private static DateTimeOffset? FromSeconds(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < Latest.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    private static DateTimeOffset? FromText(string text) =>
        Rfc3339().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    private static TimeSpan? Length(Match match, int group) =>
        int.TryParse(match.Groups[group].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= MuchLonger / Unit(match.Groups[group + 1].Value)
            ? Unit(match.Groups[group + 1].Value) * number
            : null;

    private static TimeSpan Unit(string unit) => unit switch
    {
        "m" => TimeSpan.FromMinutes(1),
        "h" => TimeSpan.FromHours(1),
        "d" => TimeSpan.FromDays(1),
        _ => TimeSpan.FromDays(7),
    };

    private static int Number(Match match, int group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^([0-9]{1,8})([mhdw])(?: offset ([0-9]{1,8})([mhdw]))?$", RegexOptions.CultureInvariant)]
    private static partial Regex Backwards();

    [GeneratedRegex(@"^([0-9]{1,8})([mhdw])$", RegexOptions.CultureInvariant)]
    private static partial Regex Step();

    [GeneratedRegex(@"^([+-])([0-9]{2}):([0-5][0-9])$", RegexOptions.CultureInvariant)]
    private static partial Regex UtcOffset();

    [GeneratedRegex(@"^([0-9]{1,12})[,-]([0-9]{1,12})$", RegexOptions.CultureInvariant)]
    private static partial Regex Seconds();

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,7})?([Zz]|[+-][0-9]{2}:[0-9]{2})$", RegexOptions.CultureInvariant)]
    private static partial Regex Rfc3339();
}

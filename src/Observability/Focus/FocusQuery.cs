using System.Globalization;
using Fleet.Cost;
using Fleet.Cost.Allocations;
using Fleet.Cost.Focus;
using Microsoft.Extensions.Primitives;

namespace Fleet.Observability.Focus;

/// <summary>Which rows are asked for. Pure.</summary>
internal sealed record FocusQuery
{
    /// <summary>Of days as many as a fleet is kept for; of hours a quarter, which is many rows already.</summary>
    public static readonly TimeSpan LongestOfDays = TimeSpan.FromDays(1100);

    public static readonly TimeSpan LongestOfHours = TimeSpan.FromDays(93);

    private static readonly string[] Known = ["start", "end", "period", "granularity", "version", "format"];

    public required QueryWindow Window { get; init; }

    public bool IsHourly { get; init; }

    public FocusVersion Version { get; init; }

    public FocusFormat Format { get; init; }

    public TimeSpan Step => IsHourly ? TimeSpan.FromHours(1) : TimeSpan.FromDays(1);

    public string FileName => string.Create(
        CultureInfo.InvariantCulture, $"focus-{Window.Start.UtcDateTime:yyyyMMdd}-{Window.End.UtcDateTime:yyyyMMdd}-{(IsHourly ? "hourly" : "daily")}.{(Format == FocusFormat.Csv ? "csv" : "jsonl")}");

    /// <summary>A calendar month in UTC.</summary>
    public static QueryWindow Month(DateTimeOffset time)
    {
        var start = new DateTimeOffset(time.UtcDateTime.Year, time.UtcDateTime.Month, 1, 0, 0, 0, TimeSpan.Zero);
        return new(start, start.AddMonths(1));
    }

    /// <exception cref="CostQueryException">A parameter is not known, given twice, or says nothing that is understood; the message names it.</exception>
    public static FocusQuery Read(IEnumerable<KeyValuePair<string, StringValues>> parameters, DateTimeOffset now)
    {
        var given = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in parameters)
        {
            if (!Known.Contains(name, StringComparer.OrdinalIgnoreCase))
                throw new CostQueryException($"'{Short(name)}' is no parameter: there are {string.Join(", ", Known)}");
            given[name] = values.Count == 1 ? values[0] ?? "" : throw new CostQueryException($"{name} is given {values.Count} times");
        }
        var isHourly = given.GetValueOrDefault("granularity") switch
        {
            null or "" or "daily" => false,
            "hourly" => true,
            _ => throw new CostQueryException("granularity is hourly or daily"),
        };
        return new()
        {
            Window = WindowOf(given, isHourly, now),
            IsHourly = isHourly,
            Version = given.GetValueOrDefault("version") switch
            {
                null or "" or "1.2" => FocusVersion.V12,
                "1.3" => FocusVersion.V12WithSplitCost,
                _ => throw new CostQueryException("version is 1.2, or 1.3 for the split-cost columns"),
            },
            Format = given.GetValueOrDefault("format") switch
            {
                null or "" or "csv" => FocusFormat.Csv,
                "jsonl" => FocusFormat.JsonLines,
                "parquet" => throw new CostQueryException("Parquet is not written: format is csv or jsonl"),
                _ => throw new CostQueryException("format is csv or jsonl"),
            },
        };
    }

    private static QueryWindow WindowOf(Dictionary<string, string> given, bool isHourly, DateTimeOffset now)
    {
        var (first, last) = (given.GetValueOrDefault("start"), given.GetValueOrDefault("end"));
        if (given.GetValueOrDefault("period") is { Length: > 0 } period)
            return first is not null || last is not null
                ? throw new CostQueryException("period is a month; with start and end it is not needed")
                : DateTimeOffset.TryParseExact(period, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var month)
                    ? Month(month)
                    : throw new CostQueryException("period is a month such as 2026-11");
        if (first is null && last is null)
            return Month(now);
        var window = new QueryWindow(TimeOf("start", first), last is null ? Tomorrow(now) : TimeOf("end", last));
        if (window.Start >= window.End)
            throw new CostQueryException("end must be after start: it is not part of the window");
        var unit = isHourly ? TimeSpan.TicksPerHour : TimeSpan.TicksPerDay;
        if (window.Start.UtcTicks % unit != 0 || window.End.UtcTicks % unit != 0)
            throw new CostQueryException($"start and end must be full {(isHourly ? "hours" : "days")} in UTC");
        if (window.Duration > (isHourly ? LongestOfHours : LongestOfDays))
            throw new CostQueryException(string.Create(CultureInfo.InvariantCulture, $"the window is longer than {(isHourly ? LongestOfHours : LongestOfDays).TotalDays:0} days"));
        return window;
    }

    private static DateTimeOffset Tomorrow(DateTimeOffset now) => new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).AddDays(1);

    private static DateTimeOffset TimeOf(string name, string? text) =>
        DateTimeOffset.TryParseExact(
            text, ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:sszzz"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : throw new CostQueryException($"{name} is a day such as 2026-11-01 or a time such as 2026-11-01T06:00:00Z");

    private static string Short(string text) => text.Length <= 60 ? text : text[..60] + "…";
}

using System.Collections.Immutable;

namespace Fleet.Kubernetes.Schedules;

/// <summary>
/// A schedule as CronJobs have it: five fields, a word such as <c>@daily</c>, or <c>@every 10m</c>. When both day fields are restricted, either will do. Immutable.
/// Where clocks are put forward, what falls into the hour that is left out runs at its end; where they are put back, it runs once, the first time. Schedules of every hour
/// follow the time that passes instead: they run neither more nor less often on such a day.
/// </summary>
public sealed class CronSchedule
{
    /// <summary>29 February is up to eight years away.</summary>
    private const int MostYears = 9;

    private static readonly ImmutableDictionary<string, string> Words = ImmutableDictionary.CreateRange(StringComparer.Ordinal,
    [
        KeyValuePair.Create("@yearly", "0 0 1 1 *"), KeyValuePair.Create("@annually", "0 0 1 1 *"), KeyValuePair.Create("@monthly", "0 0 1 * *"),
        KeyValuePair.Create("@weekly", "0 0 * * 0"), KeyValuePair.Create("@daily", "0 0 * * *"), KeyValuePair.Create("@midnight", "0 0 * * *"), KeyValuePair.Create("@hourly", "0 * * * *"),
    ]);

    private readonly ImmutableArray<CronField> fields;
    private readonly TimeSpan every;

    private CronSchedule(string text, ImmutableArray<CronField> fields, TimeSpan every) => (Text, this.fields, this.every) = (text, fields, every);

    /// <summary>As it was written.</summary>
    public string Text { get; }

    private CronField Minutes => fields[0];

    private CronField Hours => fields[1];

    /// <summary>Null for what is not a schedule; <see cref="Problem"/> says why.</summary>
    public static CronSchedule? TryParse(string? text) => Read(text ?? "").Schedule;

    /// <exception cref="FormatException">It is none; the message says why.</exception>
    public static CronSchedule Parse(string text) => Read(text) is { Schedule: { } schedule } ? schedule : throw new FormatException(Problem(text));

    /// <summary>What is wrong in the words of kube-apiserver, or null.</summary>
    public static string? Problem(string text) => Read(text).Problem;

    /// <summary>The first time after the given one, with the zone's offset of that moment; null when there is none, as for 30 February.</summary>
    public DateTimeOffset? Next(DateTimeOffset after, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(after, zone);
        if (fields.IsEmpty)
            return TimeZoneInfo.ConvertTime(new DateTimeOffset(after.UtcTicks - after.UtcTicks % TimeSpan.TicksPerSecond, TimeSpan.Zero) + every, zone);
        var (wall, end) = (Minute(local.DateTime), local.DateTime.AddYears(MostYears));
        // In an hour that comes twice the times of the second pass are before those of the clock that is read now.
        while (zone.IsAmbiguousTime(wall))
            wall = wall.AddMinutes(-1);
        DateTimeOffset? best = null;
        for (var next = NextWall(wall, end); next is { } time; next = NextWall(time.AddMinutes(1), end))
        {
            foreach (var moment in MomentsOf(time, zone))
            {
                if (moment > after && (best is null || moment < best))
                    best = moment;
            }

            if (best is not null && !zone.IsAmbiguousTime(time))
                break;
        }

        return best;
    }

    /// <summary>The latest time up to <paramref name="now"/> and after <paramref name="since"/>: of all that were missed, the one that is made up for. Null when none was.</summary>
    public DateTimeOffset? LatestDue(DateTimeOffset since, DateTimeOffset now, TimeZoneInfo zone)
    {
        if (fields.IsEmpty)
            return now - since < every ? null : Next(since, zone)!.Value + every * Math.Floor((now - Next(since, zone)!.Value) / every);
        // From windows that grow: a schedule of every minute that was away for a year is not walked through minute by minute.
        for (var window = TimeSpan.FromHours(2); ; window *= 12)
        {
            var from = now - window > since ? now - window : since;
            DateTimeOffset? latest = null;
            for (var next = Next(from, zone); next <= now; next = Next(next.Value, zone))
                latest = next;
            if (latest is not null || from == since)
                return latest;
        }
    }

    public override string ToString() => Text;

    private static (CronSchedule? Schedule, string? Problem) Read(string text)
    {
        if (text.Contains("TZ", StringComparison.Ordinal))
            return (null, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead");
        if (text.StartsWith("@every ", StringComparison.Ordinal))
        {
            return Duration(text["@every ".Length..]) is { } every && every >= TimeSpan.FromSeconds(1)
                ? (new(text, [], every), null)
                : (null, $"failed to parse duration {text}");
        }

        if (text.StartsWith('@') && !Words.ContainsKey(text))
            return (null, $"unrecognized descriptor: {text}");
        var parts = Words.GetValueOrDefault(text, text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length != CronField.Count)
            return (null, $"expected exactly {CronField.Count} fields, found {parts.Length}: [{string.Join(' ', parts)}]");
        var fields = ImmutableArray.CreateBuilder<CronField>(CronField.Count);
        for (var i = 0; i < parts.Length; i++)
        {
            if (!CronField.TryParse(parts[i], i, out var field, out var problem))
                return (null, problem);
            fields.Add(field);
        }

        return (new(text, fields.MoveToImmutable(), TimeSpan.Zero), null);
    }

    private static DateTime Minute(DateTime time) => new(time.Ticks - time.Ticks % TimeSpan.TicksPerMinute, DateTimeKind.Unspecified);

    /// <summary>The moments that a clock on the wall shows this time: none, one or two.</summary>
    private IEnumerable<DateTimeOffset> MomentsOf(DateTime wall, TimeZoneInfo zone)
    {
        if (zone.IsAmbiguousTime(wall))
        {
            var offsets = zone.GetAmbiguousTimeOffsets(wall).OrderDescending().ToList();
            return offsets.Take(Hours.IsEvery ? offsets.Count : 1).Select(offset => new DateTimeOffset(wall, offset));
        }

        if (!zone.IsInvalidTime(wall))
            return [new(wall, zone.GetUtcOffset(wall))];
        if (Hours.IsEvery)
            return [];
        while (zone.IsInvalidTime(wall))
            wall = wall.AddMinutes(1);
        return [new(wall, zone.GetUtcOffset(wall))];
    }

    private DateTime? NextWall(DateTime time, DateTime end)
    {
        while (time < end)
        {
            if (!fields[3].Holds(time.Month))
                time = new DateTime(time.Year, time.Month, 1).AddMonths(1);
            else if (!IsOnDay(time))
                time = time.Date.AddDays(1);
            else if (!Hours.Holds(time.Hour))
                time = time.AddHours(1).AddMinutes(-time.Minute);
            else if (!Minutes.Holds(time.Minute))
                time = time.AddMinutes(1);
            else
                return time;
        }

        return null;
    }

    private bool IsOnDay(DateTime time)
    {
        var (month, week) = (fields[2].Holds(time.Day), fields[4].Holds((int)time.DayOfWeek));
        return fields[2].IsAny || fields[4].IsAny ? month && week : month || week;
    }

    private static TimeSpan? Duration(string text)
    {
        var (sum, number, digits) = (0L, 0L, 0);
        foreach (var c in text)
        {
            if (char.IsAsciiDigit(c) && ++digits <= 9)
            {
                number = number * 10 + (c - '0');
                continue;
            }

            var unit = c switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => 0 };
            if (unit == 0 || digits is 0 or > 9)
                return null;
            sum += number * unit;
            (number, digits) = (0, 0);
        }

        return digits > 0 || text.Length == 0 || sum > TimeSpan.FromDays(3650).TotalSeconds ? null : TimeSpan.FromSeconds(sum);
    }
}

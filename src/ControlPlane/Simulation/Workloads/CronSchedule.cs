using System.Globalization;

namespace Fleet.ControlPlane.Simulation.Workloads;

/// <summary>A five-field cron schedule (or <c>@hourly</c> and the like), as CronJobs have it.</summary>
internal sealed class CronSchedule
{
    private static readonly string[] Months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    private static readonly string[] Days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    private readonly HashSet<int> minutes;
    private readonly HashSet<int> hours;
    private readonly HashSet<int> daysOfMonth;
    private readonly HashSet<int> months;
    private readonly HashSet<int> daysOfWeek;
    private readonly bool eitherDay;

    private CronSchedule(string[] fields)
    {
        minutes = Parse(fields[0], 0, 59, []);
        hours = Parse(fields[1], 0, 23, []);
        daysOfMonth = Parse(fields[2], 1, 31, []);
        months = Parse(fields[3], 1, 12, Months);
        daysOfWeek = Parse(fields[4].Replace("7", "0", StringComparison.Ordinal), 0, 6, Days);
        // Cron's old rule: when both day fields are restricted, either will do.
        eitherDay = !fields[2].StartsWith('*') && !fields[4].StartsWith('*');
    }

    /// <summary>Null for what is not a schedule.</summary>
    public static CronSchedule? TryParse(string? text)
    {
        var fields = (text ?? "").Trim() switch
        {
            "@yearly" or "@annually" => "0 0 1 1 *",
            "@monthly" => "0 0 1 * *",
            "@weekly" => "0 0 * * 0",
            "@daily" or "@midnight" => "0 0 * * *",
            "@hourly" => "0 * * * *",
            var plain => plain,
        };
        var parts = fields.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        try
        {
            return parts.Length == 5 ? new CronSchedule(parts) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>The first time after the given one; null when there is none within four years.</summary>
    public DateTimeOffset? Next(DateTimeOffset after)
    {
        var time = new DateTimeOffset(after.Year, after.Month, after.Day, after.Hour, after.Minute, 0, after.Offset).AddMinutes(1);
        var end = after.AddYears(4);
        while (time < end)
        {
            if (!months.Contains(time.Month))
                time = new DateTimeOffset(time.Year, time.Month, 1, 0, 0, 0, time.Offset).AddMonths(1);
            else if (!OnDay(time))
                time = time.AddDays(1).AddHours(-time.Hour).AddMinutes(-time.Minute);
            else if (!hours.Contains(time.Hour))
                time = time.AddHours(1).AddMinutes(-time.Minute);
            else if (!minutes.Contains(time.Minute))
                time = time.AddMinutes(1);
            else
                return time;
        }
        return null;
    }

    private bool OnDay(DateTimeOffset time)
    {
        var month = daysOfMonth.Contains(time.Day);
        var week = daysOfWeek.Contains((int)time.DayOfWeek);
        return eitherDay ? month || week : month && week;
    }

    private static HashSet<int> Parse(string field, int low, int high, string[] names)
    {
        var result = new HashSet<int>();
        foreach (var part in field.ToLowerInvariant().Split(','))
        {
            var (range, step) = part.Split('/') is [var r, var s] ? (r, Number(s, names, low)) : (part, 1);
            var (from, to) = range is "*" or "?" ? (low, high)
                : range.Split('-') is [var a, var b] ? (Number(a, names, low), Number(b, names, low))
                : (Number(range, names, low), part.Contains('/', StringComparison.Ordinal) ? high : Number(range, names, low));
            if (from < low || to > high || step < 1 || from > to)
                throw new FormatException();
            for (var i = from; i <= to; i += step)
                result.Add(i);
        }
        return result;
    }

    private static int Number(string text, string[] names, int low)
    {
        var index = Array.IndexOf(names, text);
        return index >= 0 ? index + low : int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
    }
}

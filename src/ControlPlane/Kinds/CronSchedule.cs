using System.Globalization;

namespace Fleet.ControlPlane.Kinds;

/// <summary>The schedules that a CronJob may have: five fields, or a word such as <c>@daily</c> or <c>@every 10m</c>.</summary>
internal static class CronSchedule
{
    private static readonly string[] Words = ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];
    private static readonly string[] Months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    private static readonly string[] Days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    private static readonly (int Least, int Most, string[] Names, int First)[] Fields =
        [(0, 59, [], 0), (0, 23, [], 0), (1, 31, [], 0), (1, 12, Months, 1), (0, 6, Days, 0)];

    /// <summary>What is wrong, or null.</summary>
    public static string? Problem(string schedule)
    {
        if (schedule.Contains("TZ", StringComparison.Ordinal)) return "cannot use TZ or CRON_TZ in schedule, use timeZone field instead";
        if (schedule.StartsWith('@'))
            return Words.Contains(schedule) || schedule.StartsWith("@every ", StringComparison.Ordinal) && schedule.Length > 7 ? null : $"unrecognized descriptor: {schedule}";
        var parts = schedule.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length != Fields.Length) return $"expected exactly 5 fields, found {parts.Length}: [{string.Join(' ', parts)}]";
        for (var i = 0; i < parts.Length; i++)
        {
            foreach (var range in parts[i].Split(','))
            {
                if (!Fits(range, Fields[i])) return $"\"{parts[i]}\" is not within {Fields[i].Least} to {Fields[i].Most}";
            }
        }
        return null;
    }

    private static bool Fits(string range, (int Least, int Most, string[] Names, int First) field)
    {
        if (range.Split('/') is not [var span, .. var rest] || rest.Length > 1) return false;
        if (rest is [var step] && !(int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var every) && every > 0)) return false;
        if (span is "*" or "?") return true;
        var ends = span.Split('-');
        if (ends.Length > 2 || Number(ends[0], field) is not { } low || Number(ends[^1], field) is not { } high) return false;
        return low >= field.Least && low <= high && high <= field.Most;
    }

    private static int? Number(string text, (int Least, int Most, string[] Names, int First) field)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return number;
        var named = Array.FindIndex(field.Names, name => name.Equals(text, StringComparison.OrdinalIgnoreCase));
        return named < 0 ? null : named + field.First;
    }
}

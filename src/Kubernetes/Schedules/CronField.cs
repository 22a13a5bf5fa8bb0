using System.Globalization;

namespace Fleet.Kubernetes.Schedules;

/// <summary>One field of a schedule: which of its numbers fit. Steps and names as robfig/cron reads them, whose dialect is that of Kubernetes.</summary>
internal readonly record struct CronField
{
    public const int Count = 5;

    private static readonly string[] Months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    private static readonly string[] Days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    private static readonly (int Least, int Most, string[] Names)[] Bounds = [(0, 59, []), (0, 23, []), (1, 31, []), (1, 12, Months), (0, 6, Days)];

    private readonly ulong bits;

    private CronField(ulong bits, bool isAny, bool isEvery) => (this.bits, IsAny, IsEvery) = (bits, isAny, isEvery);

    /// <summary>A star: nothing is restricted.</summary>
    public bool IsAny { get; }

    /// <summary>A star, also with a step: what runs all day long.</summary>
    public bool IsEvery { get; }

    public bool Holds(int number) => (bits & (1UL << number)) != 0;

    /// <param name="index">Which field: minutes, hours, days, months, days of the week.</param>
    public static bool TryParse(string text, int index, out CronField field, out string? problem)
    {
        var (least, most, names) = Bounds[index];
        var (bits, isAny, isEvery) = (0UL, false, false);
        foreach (var range in text.Split(','))
        {
            if (!TryRange(range, least, most, names, out var low, out var high, out var step))
            {
                (field, problem) = (default, $"\"{text}\" is not within {least} to {most}");
                return false;
            }

            var isStar = range[0] is '*' or '?';
            isAny |= isStar && step == 1;
            isEvery |= isStar;
            for (var number = low; number <= high; number += step)
                bits |= 1UL << number;
        }

        (field, problem) = (new(bits, isAny, isEvery), null);
        return true;
    }

    private static bool TryRange(string range, int least, int most, string[] names, out int low, out int high, out int step)
    {
        (low, high, step) = (least, most, 1);
        if (range.Split('/') is not [var span, .. var rest] || rest.Length > 1)
            return false;
        // A step beyond the field is one number; bounded, so that counting up by it stays within an int.
        if (rest is [var steps] && !(int.TryParse(steps, NumberStyles.None, CultureInfo.InvariantCulture, out step) && step is > 0 and < 1000))
            return false;
        if (span is "*" or "?")
            return true;
        var ends = span.Split('-');
        if (ends.Length > 2 || Number(ends[0], least, names) is not { } from || Number(ends[^1], least, names) is not { } to)
            return false;
        // "5/15" means "5-59/15".
        (low, high) = (from, ends.Length == 1 && rest.Length == 1 ? most : to);
        return low >= least && low <= high && high <= most;
    }

    private static int? Number(string text, int least, string[] names)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number;
        var named = Array.FindIndex(names, name => name.Equals(text, StringComparison.OrdinalIgnoreCase));
        return named < 0 ? null : named + least;
    }
}

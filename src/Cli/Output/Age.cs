using System.Globalization;

namespace Fleet.Cli.Output;

internal static class Age
{
    /// <summary>As kubectl writes ages: 45s, 12m, 3h, 5d; two units below ten of the larger one.</summary>
    public static string Of(DateTimeOffset? since, DateTimeOffset now)
    {
        if (since is not { } then)
            return "<unknown>";
        var age = now - then;
        if (age < TimeSpan.Zero)
            age = TimeSpan.Zero;
        return age switch
        {
            { TotalSeconds: < 120 } => Text(age.TotalSeconds, "s"),
            { TotalMinutes: < 10 } when age.Seconds > 0 => Text(age.Minutes, "m") + Text(age.Seconds, "s"),
            { TotalHours: < 3 } => Text(age.TotalMinutes, "m"),
            { TotalHours: < 8 } when age.Minutes > 0 => Text(age.Hours, "h") + Text(age.Minutes, "m"),
            { TotalHours: < 48 } => Text(age.TotalHours, "h"),
            { TotalDays: < 8 } when age.Hours > 0 => Text(age.Days, "d") + Text(age.Hours, "h"),
            _ => Text(age.TotalDays, "d"),
        };
    }

    private static string Text(double number, string unit) => ((long)number).ToString(CultureInfo.InvariantCulture) + unit;
}

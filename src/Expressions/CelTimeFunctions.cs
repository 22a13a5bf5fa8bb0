namespace Fleet.Expressions;

/// <summary>Parts of timestamps (months and days of a week count from 0) and of durations.</summary>
internal static class CelTimeFunctions
{
    public static void Register(CelRegister add)
    {
        Part(add, "getFullYear", t => t.Year);
        Part(add, "getMonth", t => t.Month - 1);
        Part(add, "getDate", t => t.Day);
        Part(add, "getDayOfMonth", t => t.Day - 1);
        Part(add, "getDayOfWeek", t => (int)t.DayOfWeek);
        Part(add, "getDayOfYear", t => t.DayOfYear - 1);
        Part(add, "getHours", t => t.Hour, d => d.Ticks / TimeSpan.TicksPerHour);
        Part(add, "getMinutes", t => t.Minute, d => d.Ticks / TimeSpan.TicksPerMinute);
        Part(add, "getSeconds", t => t.Second, d => d.Ticks / TimeSpan.TicksPerSecond);
        Part(add, "getMilliseconds", t => t.Millisecond, d => d.Milliseconds);
    }

    private static void Part(CelRegister add, string name, Func<DateTimeOffset, int> ofTime, Func<TimeSpan, long>? ofDuration = null)
    {
        add("." + name, 1, a => a[0] switch
        {
            DateTimeOffset t => (long)ofTime(t),
            TimeSpan d when ofDuration is not null => ofDuration(d),
            _ => CelError.NoOverload,
        });
        add("." + name, 2, a => a is not [DateTimeOffset t, string zone] ? CelError.NoOverload
            : CelTimes.In(t, zone) is { } local ? (long)ofTime(local) : new CelError($"unknown time zone {zone}"));
    }
}

namespace Fleet.Cost.Rightsizing;

/// <summary>
/// What is used by hour of the day (UTC), over days: of each hour the mean, in which a day counts half as much as one that is a week younger. Tells whether nights are quiet. Not thread-safe.
/// </summary>
public sealed class HourProfile
{
    public const int Hours = 24;

    /// <summary>What a day still counts on the next: a half-life of a week.</summary>
    private const float Kept = 0.9057f;

    private readonly float[] means = new float[Hours];
    private readonly float[] days = new float[Hours];
    private long hour;
    private double sum;
    private int count;

    public HourProfile()
    {
    }

    public HourProfile(HourProfileState state)
    {
        for (var at = 0; at < Hours; at++)
            (means[at], days[at]) = (state.Means.ElementAtOrDefault(at), state.Days.ElementAtOrDefault(at));
        (hour, sum, count) = (state.Hour, state.Sum, state.Count);
    }

    /// <summary>Cores or bytes by hour.</summary>
    public IReadOnlyList<float> Means => means;

    /// <summary>How many days (the older the less) the hour of which least is known rests on.</summary>
    public double Days => days.Min();

    /// <summary>Samples come in order of time; one of an hour that is over is not counted any more.</summary>
    public void Add(double amount, DateTimeOffset time)
    {
        var now = time.UtcTicks / TimeSpan.TicksPerHour;
        if (now < hour)
            return;
        if (now > hour)
            Close();
        hour = now;
        sum += amount;
        count++;
    }

    public HourProfileState Save() => new([.. means], [.. days], hour, sum, count);

    private void Close()
    {
        if (count > 0)
        {
            var at = (int)(hour % Hours);
            var known = days[at] * Kept;
            means[at] = (float)((means[at] * known + sum / count) / (known + 1));
            days[at] = known + 1;
        }
        (sum, count) = (0, 0);
    }
}

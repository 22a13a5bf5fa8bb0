namespace Fleet.Cost.Rightsizing;

/// <summary>The longest quiet time of a day.</summary>
/// <param name="From">First hour of the day (UTC) that is quiet.</param>
/// <param name="Hours">How many are, one after the other; may go over midnight.</param>
/// <param name="Quiet">Mean cores meanwhile.</param>
/// <param name="Busy">Mean cores in the other hours.</param>
public sealed record NightRhythm(int From, int Hours, double Quiet, double Busy)
{
    /// <summary>Fewer are not worth stopping anything for.</summary>
    public const int LeastHours = 5;

    /// <summary>Of the busiest hour.</summary>
    public const double QuietShare = 0.4;

    /// <summary>What is used then, of what is used by day.</summary>
    public double Share => Busy > 0 ? Quiet / Busy : 1;

    /// <summary>Null when the day has no quiet time that is long enough.</summary>
    /// <param name="hours">Cores by hour of the day.</param>
    public static NightRhythm? Of(IReadOnlyList<double> hours)
    {
        if (hours.Count != HourProfile.Hours || hours.Max() is not (> 0 and var most))
            return null;
        var (from, length) = (0, 0);
        for (var start = 0; start < hours.Count; start++)
        {
            var run = 0;
            while (run < hours.Count && hours[(start + run) % hours.Count] <= QuietShare * most)
                run++;
            if (run > length)
                (from, length) = (start, run);
        }
        if (length < LeastHours || length == hours.Count)
            return null;
        var quiet = Enumerable.Range(from, length).Average(at => hours[at % hours.Count]);
        var busy = Enumerable.Range(from + length, hours.Count - length).Average(at => hours[at % hours.Count]);
        return new(from, length, quiet, busy);
    }
}

namespace Fleet.Cost.Allocations;

/// <summary>Adds sets of consecutive steps up. Days begin where the asker's clock has midnight, weeks on Sunday. Pure.</summary>
public static class Accumulation
{
    /// <summary>As the parameter is written: <c>true</c>, <c>false</c>, <c>hour</c>, <c>day</c>, <c>week</c>, <c>month</c>, <c>quarter</c>.</summary>
    public static AccumulateBy Parse(string text) => text.ToLowerInvariant() switch
    {
        "" or "false" or "none" => AccumulateBy.None,
        "true" or "all" => AccumulateBy.All,
        "hour" => AccumulateBy.Hour,
        "day" => AccumulateBy.Day,
        "week" => AccumulateBy.Week,
        "month" => AccumulateBy.Month,
        "quarter" => AccumulateBy.Quarter,
        _ => throw new CostQueryException($"{CostQueryException.Quote(text)} can not be accumulated by: use true, hour, day, week, month or quarter"),
    };

    /// <exception cref="CostQueryException">A step does not fit into what it is to be added to, or the currencies differ.</exception>
    public static IReadOnlyList<AllocationSet> Accumulate(IReadOnlyList<AllocationSet> sets, AccumulateBy by, TimeSpan utcOffset = default)
    {
        if (by == AccumulateBy.None || sets.Count == 0)
            return sets;
        if (sets.Select(set => set.Currency).Distinct().Skip(1).Any())
            throw new CostQueryException("costs in several currencies can not be added up");
        return
        [
            .. sets.GroupBy(set => by == AccumulateBy.All ? default : Begin(set.Window.Start, by, utcOffset))
                .OrderBy(group => group.Key)
                .Select(group => Sum([.. group], by, utcOffset)),
        ];
    }

    private static AllocationSet Sum(IReadOnlyList<AllocationSet> sets, AccumulateBy by, TimeSpan utcOffset)
    {
        if (by != AccumulateBy.All && sets.Any(set => Begin(set.Window.End.AddTicks(-1), by, utcOffset) != Begin(set.Window.Start, by, utcOffset)))
            throw new CostQueryException($"steps are too long, or begin too late, to be accumulated by {by.ToString().ToLowerInvariant()}");
        var window = sets.Select(set => set.Window).Aggregate((one, other) => one.Expand(other));
        return new(window, sets.SelectMany(set => set.Allocations.Values), sets[0].Currency);
    }

    private static DateTimeOffset Begin(DateTimeOffset time, AccumulateBy by, TimeSpan utcOffset)
    {
        var local = time.ToOffset(utcOffset);
        var day = new DateTimeOffset(local.Date, utcOffset);
        return by switch
        {
            AccumulateBy.Hour => day.AddHours(local.Hour),
            AccumulateBy.Day => day,
            AccumulateBy.Week => day.AddDays(-(int)day.DayOfWeek),
            AccumulateBy.Month => day.AddDays(1 - day.Day),
            _ => day.AddDays(1 - day.Day).AddMonths(-((day.Month - 1) % 3)),
        };
    }
}

namespace Fleet.Cost.Allocations;

/// <summary>A span of time; the end is not part of it.</summary>
public readonly record struct QueryWindow(DateTimeOffset Start, DateTimeOffset End)
{
    public TimeSpan Duration => End - Start;

    public bool Contains(DateTimeOffset time) => time >= Start && time < End;

    /// <summary>The shortest span that holds both.</summary>
    public QueryWindow Expand(QueryWindow other) => new(Start < other.Start ? Start : other.Start, End > other.End ? End : other.End);

    /// <summary>What both have in common; null when that is nothing.</summary>
    public QueryWindow? Intersect(QueryWindow other)
    {
        var start = Start > other.Start ? Start : other.Start;
        var end = End < other.End ? End : other.End;
        return start < end ? new(start, end) : null;
    }

    /// <summary>The window in steps; the last one is shorter when the step does not fit.</summary>
    public IReadOnlyList<QueryWindow> Steps(TimeSpan step)
    {
        if (step <= TimeSpan.Zero)
            throw new CostQueryException("a step must be longer than nothing");
        if (Duration.Ticks / step.Ticks >= WindowParser.MostSteps)
            throw new CostQueryException($"the window has more than {WindowParser.MostSteps} steps");
        var steps = new List<QueryWindow>();
        for (var start = Start; start < End; start += step)
            steps.Add(new(start, End - start < step ? End : start + step));
        return steps;
    }
}

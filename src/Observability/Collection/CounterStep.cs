namespace Fleet.Observability.Collection;

/// <summary>From one reading of a counter to the next. Pure.</summary>
/// <param name="Outcome">What became of the reading.</param>
/// <param name="Increase">By how much it grew, never negative; 0 where nothing can be said.</param>
/// <param name="Over">The time in which it did, never negative. After a reset: since it began anew, as far as that is known.</param>
/// <param name="Kept">What the next reading is compared with; null: nothing.</param>
internal readonly record struct CounterStep(CounterOutcome Outcome, double Increase, TimeSpan Over, CounterReading? Kept)
{
    /// <summary>For each second; null where nothing can be said.</summary>
    public double? Rate => Over > TimeSpan.Zero && Outcome is (CounterOutcome.Counted or CounterOutcome.Reset) ? Increase / Over.TotalSeconds : null;

    /// <param name="previous">The reading before; null: none.</param>
    /// <param name="next">The reading.</param>
    /// <param name="most">How much it can grow in a second (the cores of the machine); null: any amount.</param>
    public static CounterStep Of(CounterReading? previous, CounterReading next, double? most = null)
    {
        if (!double.IsFinite(next.Value) || next.Value < 0)
            return new(CounterOutcome.Invalid, 0, TimeSpan.Zero, previous);
        if (previous is not { } before)
            return new(CounterOutcome.First, 0, TimeSpan.Zero, next);
        if (next.Time == before.Time)
            return new(CounterOutcome.Duplicate, 0, TimeSpan.Zero, previous);
        if (next.Time < before.Time)
            return new(CounterOutcome.Late, 0, TimeSpan.Zero, previous);

        // A counter that began anew may have passed its old value by now: then only the start tells.
        var anew = next.Started is { } started && started > before.Time ? started : (DateTimeOffset?)null;
        var reset = anew is not null || next.Value < before.Value;
        var increase = reset ? next.Value : next.Value - before.Value;
        var over = next.Time - (anew < next.Time ? anew.Value : before.Time);
        // What is counted is kept as it is: with it the next step is right again.
        return most is { } limit && increase > limit * over.TotalSeconds * Tolerance + Grain
            ? new(CounterOutcome.Implausible, 0, TimeSpan.Zero, next)
            : new(reset ? CounterOutcome.Reset : CounterOutcome.Counted, increase, over, next);
    }

    /// <summary>Kubelets measure some seconds apart from the time that they say.</summary>
    private const double Tolerance = 1.5;

    /// <summary>Right after a start there is hardly any time, but what starting took is counted.</summary>
    private const double Grain = 1;
}

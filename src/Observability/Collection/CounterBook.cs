namespace Fleet.Observability.Collection;

/// <summary>What a counter grew by.</summary>
internal readonly record struct CounterIncrease(SeriesKey Key, double Increase, DateTimeOffset From, DateTimeOffset To);

/// <summary>How many readings became what.</summary>
internal sealed record CounterTally(IReadOnlyDictionary<CounterOutcome, int> Outcomes, int Refused)
{
    public int Of(CounterOutcome outcome) => Outcomes.GetValueOrDefault(outcome);
}

/// <summary>
/// The counters of one cluster as they stood last. Bounded: beyond so many series new ones are refused and counted, and what was not seen for a while
/// is forgotten. Not for concurrent use: it belongs to the one who looks at the cluster.
/// </summary>
internal sealed class CounterBook(int mostSeries = 200_000, TimeSpan? forgetAfter = null)
{
    private readonly TimeSpan forgetAfter = forgetAfter ?? TimeSpan.FromHours(1);
    private readonly Dictionary<SeriesKey, CounterReading> last = [];

    /// <summary>How many counters are known.</summary>
    public int Count => last.Count;

    /// <summary>Takes the readings of one look; each series in the order of their times.</summary>
    /// <param name="readings">What was read.</param>
    /// <param name="most">How much a counter can grow in a second; null for any amount.</param>
    public (IReadOnlyList<CounterIncrease> Increases, CounterTally Tally) Take(
        IEnumerable<(SeriesKey Key, CounterReading Reading)> readings, Func<SeriesKey, double?>? most = null)
    {
        var increases = new List<CounterIncrease>();
        var outcomes = new Dictionary<CounterOutcome, int>();
        var (refused, newest) = (0, DateTimeOffset.MinValue);
        foreach (var (key, reading) in readings)
        {
            CounterReading? before = last.TryGetValue(key, out var known) ? known : null;
            if (before is null && last.Count >= mostSeries)
            {
                refused++;
                continue;
            }
            var step = CounterStep.Of(before, reading, most?.Invoke(key));
            outcomes[step.Outcome] = outcomes.GetValueOrDefault(step.Outcome) + 1;
            if (step.Kept is { } kept)
            {
                last[key] = kept;
                newest = kept.Time > newest ? kept.Time : newest;
            }
            if (step.Outcome is CounterOutcome.Counted or CounterOutcome.Reset)
                increases.Add(new(key, step.Increase, reading.Time - step.Over, reading.Time));
        }
        Forget(newest);
        return (increases, new(outcomes, refused));
    }

    /// <summary>By the cluster's own clock: one that is wrong is wrong for all of its counters alike.</summary>
    private void Forget(DateTimeOffset newest)
    {
        if (newest == DateTimeOffset.MinValue)
            return;
        foreach (var gone in last.Where(l => newest - l.Value.Time > forgetAfter).Select(l => l.Key).ToList())
            last.Remove(gone);
    }
}

namespace Fleet.Control.Ownership;

/// <summary>What the work of each slot costs here: time in reconciles, averaged over minutes, so that slots do not move for a busy moment.</summary>
internal sealed class SlotMeter(TimeProvider clock)
{
    private static readonly TimeSpan Sample = TimeSpan.FromSeconds(30);

    /// <summary>Weight of one sample: what was ten minutes ago counts for a third.</summary>
    private const double Weight = 0.05;

    private readonly long[] ticks = new long[Slots.Most];
    private readonly double[] average = new double[Slots.Most];
    private long sampledAt = clock.GetTimestamp();
    private bool hasSample;

    public void Count(int slot, TimeSpan took) => Interlocked.Add(ref ticks[slot], took.Ticks);

    /// <summary>Milliseconds of work per second of the slots that are held; empty before the first sample. For one caller.</summary>
    public IReadOnlyDictionary<int, double> Costs(Holding held)
    {
        var passed = clock.GetElapsedTime(sampledAt);
        if (passed >= Sample)
        {
            sampledAt = clock.GetTimestamp();
            for (var slot = 0; slot < ticks.Length; slot++)
            {
                var now = TimeSpan.FromTicks(Interlocked.Exchange(ref ticks[slot], 0)).TotalMilliseconds / passed.TotalSeconds;
                average[slot] = held.Epoch(slot) == 0 ? 0 : hasSample ? average[slot] + ((now - average[slot]) * Weight) : now;
            }
            hasSample = true;
        }
        return hasSample ? Enumerable.Range(0, Slots.Most).Where(slot => held.Epoch(slot) > 0).ToDictionary(slot => slot, slot => average[slot]) : ReplicaFacts.NoCosts;
    }
}

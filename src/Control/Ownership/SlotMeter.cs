namespace Fleet.Control.Ownership;

/// <summary>
/// What the work of each slot costs here: time in reconciles, averaged over minutes, so that slots do not move for a busy moment. Of a slot that has just come nothing is known: its clusters
/// are all looked at anew, which costs many times what they do afterwards, and a replica that has just begun is slow at everything.
/// </summary>
internal sealed class SlotMeter(TimeProvider clock)
{
    private static readonly TimeSpan Sample = TimeSpan.FromSeconds(30);

    /// <summary>Weight of one sample among many: what was ten minutes ago counts for a third.</summary>
    private const double Weight = 0.05;

    private readonly long[] ticks = new long[Slots.Most];
    private readonly double[] average = new double[Slots.Most];

    /// <summary>The epoch under which each slot was held when the last sample ended.</summary>
    private readonly long[] epochs = new long[Slots.Most];

    /// <summary>Whole samples of each slot since it came.</summary>
    private readonly int[] samples = new int[Slots.Most];
    private long sampledAt = clock.GetTimestamp();

    public void Count(int slot, TimeSpan took) => Interlocked.Add(ref ticks[slot], took.Ticks);

    /// <summary>Milliseconds of work per second of the slots that were held for a whole sample; empty before the first. For one caller.</summary>
    public IReadOnlyDictionary<int, double> Costs(Holding held)
    {
        var passed = clock.GetElapsedTime(sampledAt);
        if (passed >= Sample)
        {
            sampledAt = clock.GetTimestamp();
            for (var slot = 0; slot < ticks.Length; slot++)
                Take(slot, held.Epoch(slot), TimeSpan.FromTicks(Interlocked.Exchange(ref ticks[slot], 0)).TotalMilliseconds / passed.TotalSeconds);
        }
        return Enumerable.Range(0, Slots.Most).Where(slot => samples[slot] > 0 && held.Epoch(slot) == epochs[slot]).ToDictionary(slot => slot, slot => average[slot]);
    }

    private void Take(int slot, long epoch, double cost)
    {
        if (epoch == 0 || epoch != epochs[slot])
        {
            (epochs[slot], samples[slot]) = (epoch, 0);
            return;
        }
        samples[slot]++;
        // The first few count alike: one alone says little.
        average[slot] += (cost - average[slot]) * Math.Max(Weight, 1.0 / samples[slot]);
    }
}

namespace Fleet.Cost.Rightsizing;

/// <summary>The most that was used on each of the last days, in UTC: a percentile forgets the one minute in which everything was needed. Not thread-safe.</summary>
public sealed class DailyPeaks
{
    /// <summary>As many days as the autoscaler remembers memory.</summary>
    public const int Days = 8;

    private readonly float[] cpu = new float[Days];
    private readonly float[] memory = new float[Days];
    private int last;

    public DailyPeaks()
    {
    }

    public DailyPeaks(DailyPeaksState state)
    {
        last = state.Day;
        for (var day = 0; day < Days; day++)
            (cpu[day], memory[day]) = (state.Cpu.ElementAtOrDefault(day), state.Memory.ElementAtOrDefault(day));
    }

    /// <summary>Cores, of the last eight days.</summary>
    public double Cpu => cpu.Max();

    /// <summary>Bytes, likewise.</summary>
    public double Memory => memory.Max();

    public void AddCpu(double cores, DateTimeOffset time) => Add(cpu, cores, time);

    public void AddMemory(double bytes, DateTimeOffset time) => Add(memory, bytes, time);

    public DailyPeaksState Save() => new(last, [.. cpu], [.. memory]);

    private void Add(float[] peaks, double value, DateTimeOffset time)
    {
        var day = DateOnly.FromDateTime(time.UtcDateTime).DayNumber;
        for (var fresh = Math.Max(last + 1, day - Days + 1); fresh <= day; fresh++)
            (cpu[fresh % Days], memory[fresh % Days]) = (0, 0);
        last = Math.Max(last, day);
        if (day > last - Days)
            peaks[day % Days] = Math.Max(peaks[day % Days], (float)value);
    }
}

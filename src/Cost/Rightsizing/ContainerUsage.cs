namespace Fleet.Cost.Rightsizing;

/// <summary>
/// What the containers of one name in one workload used: CPU sample by sample, memory by the peak of each day, since memory that is missing once kills the container. Weights and
/// half-lives are the vertical pod autoscaler's. Not thread-safe.
/// </summary>
public sealed class ContainerUsage
{
    /// <summary>Length of an interval of which the peak of memory counts.</summary>
    public static readonly TimeSpan MemoryInterval = TimeSpan.FromDays(1);

    private const double CpuWeight = 0.1;
    private const double MemoryWeight = 1;
    private const double OutOfMemoryFactor = 1.2;
    private const double OutOfMemoryBytes = 100 * CostUnits.BytesPerMiB;

    private static readonly TimeSpan HalfLife = TimeSpan.FromHours(24);

    private DateTimeOffset? intervalEnd;
    private double peak;

    public DecayingHistogram Cpu { get; } = new(HistogramBuckets.Cpu, HalfLife);

    public DecayingHistogram Memory { get; } = new(HistogramBuckets.Memory, HalfLife);

    public DateTimeOffset? FirstSample { get; private set; }

    public DateTimeOffset? LastSample { get; private set; }

    /// <summary>Of CPU.</summary>
    public int Samples { get; private set; }

    public int OutOfMemoryKills { get; private set; }

    /// <summary>Days of which there is usage, at most: a day of samples each minute counts as one, whatever time they span.</summary>
    public double ConfidenceDays => FirstSample is { } first && LastSample is { } last ? Math.Min((last - first).TotalDays, Samples / (24.0 * 60)) : 0;

    /// <param name="weight">How much it counts; the autoscaler takes the request in cores, and at least 0.1.</param>
    public void AddCpu(double cores, DateTimeOffset time, double weight = CpuWeight)
    {
        if (!double.IsFinite(cores) || cores < 0)
            return;
        Cpu.Add(cores, Math.Max(weight, CpuWeight), time);
        FirstSample = FirstSample < time ? FirstSample : time;
        LastSample = LastSample > time ? LastSample : time;
        Samples++;
    }

    public void AddMemory(double bytes, DateTimeOffset time)
    {
        // A peak of an interval that is over can not be changed any more.
        if (!double.IsFinite(bytes) || bytes < 0 || time < intervalEnd - MemoryInterval)
            return;
        if (intervalEnd is not { } end || time >= end)
        {
            end = intervalEnd is { } before && time - before < MemoryInterval ? before + MemoryInterval : time + MemoryInterval;
            intervalEnd = end;
            peak = 0;
        }
        if (bytes <= peak)
            return;
        if (peak > 0)
            Memory.Subtract(peak, MemoryWeight, end);
        Memory.Add(bytes, MemoryWeight, end);
        peak = bytes;
    }

    /// <summary>A container that was killed for its memory would have used more than was seen.</summary>
    public void AddOutOfMemory(double bytes, DateTimeOffset time)
    {
        OutOfMemoryKills++;
        AddMemory(AfterOutOfMemory(Math.Max(bytes, peak)), time);
    }

    public static double AfterOutOfMemory(double bytes) => Math.Max(bytes + OutOfMemoryBytes, bytes * OutOfMemoryFactor);
}

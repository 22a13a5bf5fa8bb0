namespace Fleet.Cost.Rightsizing;

/// <summary>
/// What the containers of one name in one workload used: CPU sample by sample, memory by the peak of each day, since memory that is missing once kills the container. Weights and
/// half-lives are the vertical pod autoscaler's. Not thread-safe.
/// </summary>
public sealed class ContainerUsage
{
    /// <summary>Length of an interval of which the peak of memory counts.</summary>
    public static readonly TimeSpan MemoryInterval = TimeSpan.FromDays(1);

    /// <summary>An hour of which only the mean and the peak are known counts as this many samples, of the sixty that it has: a fifth.</summary>
    public const int SamplesOfHour = 12;

    private const double CpuWeight = 0.1;
    private const double MemoryWeight = 1;
    private const double OutOfMemoryFactor = 1.2;
    private const double OutOfMemoryBytes = 100 * CostUnits.BytesPerMiB;

    /// <summary>Of a filled hour: two of twelve samples are its peak, the others its mean.</summary>
    private const int PeaksOfHour = 2;

    private static readonly TimeSpan HalfLife = TimeSpan.FromHours(24);

    private DateTimeOffset? intervalEnd;
    private double peak;

    public ContainerUsage()
    {
        Cpu = new(HistogramBuckets.Cpu, HalfLife);
        Memory = new(HistogramBuckets.Memory, HalfLife);
        Peaks = new();
        Hours = new();
        MemoryHours = new();
    }

    /// <summary>Goes on where another one was saved.</summary>
    public ContainerUsage(ContainerUsageState state)
    {
        Cpu = new(HistogramBuckets.Cpu, HalfLife, state.Cpu);
        Memory = new(HistogramBuckets.Memory, HalfLife, state.Memory);
        (Peaks, Hours, MemoryHours) = (new(state.Peaks), new(state.Hours), new(state.MemoryHours));
        (FirstSample, LastSample, Samples, FilledSamples) = (state.FirstSample, state.LastSample, state.Samples, state.FilledSamples);
        (OutOfMemoryKills, LastKill, intervalEnd, peak) = (state.OutOfMemoryKills, state.LastKill, state.IntervalEnd, state.Peak);
    }

    public DecayingHistogram Cpu { get; }

    public DecayingHistogram Memory { get; }

    /// <summary>Of the last days.</summary>
    public DailyPeaks Peaks { get; }

    /// <summary>Of CPU.</summary>
    public HourProfile Hours { get; }

    public HourProfile MemoryHours { get; }

    public DateTimeOffset? FirstSample { get; private set; }

    public DateTimeOffset? LastSample { get; private set; }

    /// <summary>Of CPU.</summary>
    public int Samples { get; private set; }

    /// <summary>Of <see cref="Samples"/>, those that stand for hours of which only mean and peak are known.</summary>
    public int FilledSamples { get; private set; }

    public int OutOfMemoryKills { get; private set; }

    /// <summary>The youngest kill that was counted.</summary>
    public DateTimeOffset? LastKill { get; private set; }

    /// <summary>Days of which there is usage, at most: a day of samples each minute counts as one, whatever time they span.</summary>
    public double ConfidenceDays => FirstSample is { } first && LastSample is { } last ? Math.Min((last - first).TotalDays, Samples / (24.0 * 60)) : 0;

    /// <param name="weight">How much it counts; the autoscaler takes the request in cores, and at least 0.1.</param>
    public void AddCpu(double cores, DateTimeOffset time, double weight = CpuWeight)
    {
        if (!double.IsFinite(cores) || cores < 0)
            return;
        Cpu.Add(cores, Math.Max(weight, CpuWeight), time);
        Peaks.AddCpu(cores, time);
        Hours.Add(cores, time);
        FirstSample = FirstSample < time ? FirstSample : time;
        LastSample = LastSample > time ? LastSample : time;
        Samples++;
    }

    public void AddMemory(double bytes, DateTimeOffset time)
    {
        if (double.IsFinite(bytes) && bytes >= 0)
            MemoryHours.Add(bytes, time);
        AddPeak(bytes, time);
    }

    private void AddPeak(double bytes, DateTimeOffset time)
    {
        // A peak of an interval that is over can not be changed any more.
        if (!double.IsFinite(bytes) || bytes < 0 || time < intervalEnd - MemoryInterval)
            return;
        Peaks.AddMemory(bytes, time);
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

    /// <summary>An hour of which nobody kept samples, from its row in the ledger. Hours come in order of time, before all samples.</summary>
    public void AddHour(DateTimeOffset start, double cpuMean, double cpuPeak, double memoryPeak)
    {
        for (var sample = 0; sample < SamplesOfHour; sample++)
            AddCpu(sample < PeaksOfHour ? Math.Max(cpuPeak, cpuMean) : cpuMean, start.AddMinutes(60.0 / SamplesOfHour * sample));
        FilledSamples += SamplesOfHour;
        AddMemory(memoryPeak, start.AddMinutes(30));
    }

    /// <summary>A container that was killed for its memory would have used more than was seen. One kill is told again and again by its container's status, and counts once.</summary>
    public void AddOutOfMemory(double bytes, DateTimeOffset time)
    {
        if (time <= LastKill)
            return;
        LastKill = time;
        OutOfMemoryKills++;
        // A kill from before the running interval is counted, but its peak is over.
        AddPeak(AfterOutOfMemory(Math.Max(bytes, peak)), time);
    }

    public static double AfterOutOfMemory(double bytes) => Math.Max(bytes + OutOfMemoryBytes, bytes * OutOfMemoryFactor);

    public ContainerUsageState Save() => new(
        Cpu.Save(), Memory.Save(), FirstSample, LastSample, Samples, FilledSamples, OutOfMemoryKills, LastKill, intervalEnd, peak, Peaks.Save(), Hours.Save(), MemoryHours.Save());
}

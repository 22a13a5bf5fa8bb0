namespace Fleet.Cost.Rightsizing;

/// <summary>What is known of containers of one name, as it is kept.</summary>
/// <param name="IntervalEnd">Of the memory's interval that runs; null before the first sample.</param>
/// <param name="Peak">Of memory in it.</param>
public sealed record ContainerUsageState(
    HistogramState Cpu, HistogramState Memory, DateTimeOffset? FirstSample, DateTimeOffset? LastSample, int Samples, int FilledSamples, int OutOfMemoryKills,
    DateTimeOffset? LastKill, DateTimeOffset? IntervalEnd, double Peak, DailyPeaksState Peaks, HourProfileState Hours, HourProfileState MemoryHours);

/// <param name="Day">Days since 0001-01-01 of the last entry.</param>
public sealed record DailyPeaksState(int Day, IReadOnlyList<float> Cpu, IReadOnlyList<float> Memory);

/// <param name="Means">By hour of the day, in UTC.</param>
/// <param name="Days">Of how many days each mean is.</param>
/// <param name="Hour">The hour that runs, since 0001-01-01.</param>
/// <param name="Sum">Of the samples in it.</param>
/// <param name="Count">How many they are.</param>
public sealed record HourProfileState(IReadOnlyList<float> Means, IReadOnlyList<float> Days, long Hour, double Sum, int Count)
{
    public static HourProfileState Nothing { get; } = new([], [], 0, 0, 0);
}

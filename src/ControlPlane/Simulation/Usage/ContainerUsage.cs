using Fleet.ControlPlane.Simulation.Objects;

namespace Fleet.ControlPlane.Simulation.Usage;

/// <summary>
/// How much a simulated container uses, now or at any time of the past: a pure function of what it is and when it started. Nothing is remembered, so
/// 35 days back cost as much as now. Its network counters belong to the pod and so count on when a leak is killed; CPU time of the container does not.
/// </summary>
public sealed class ContainerUsage
{
    private const double Mebi = 1024 * 1024;

    private readonly UsageCurve cpu;
    private readonly UsageCurve memory;
    private readonly double ceiling;
    private readonly double floor;
    private readonly double received;
    private readonly double sent;
    private readonly TimeSpan leak;

    public ContainerUsage(ContainerLoad load)
    {
        Load = load;
        var shape = UsageShapes.Of(load.Pattern);
        var (cpuShare, memoryShare, swing) = UsageShapes.Shares(load.Pattern);
        var shift = Shift(load, shape);
        // What asks for nothing is small.
        var cores = Share(load.CpuRequest, 0.02, cpuShare) * Around(load.Container, 0.1);
        cpu = Below(load.CpuLimit, cores, mean => new UsageCurve(shape, mean, shift, load.Container));
        var bytes = Share(load.MemoryRequest, 64 * Mebi, memoryShare) * Around(load.Container + "/memory", 0.05);
        memory = Below(load.MemoryLimit, bytes, mean => new UsageCurve(shape.Damped(swing), mean, shift, load.Container + "/memory"));
        ceiling = load.MemoryLimit ?? 4 * Math.Max(load.MemoryRequest, 64 * Mebi);
        floor = Math.Min(bytes, ceiling / 2);
        received = UsageShapes.BytesPerCoreSecond(load.Pattern) * Around(load.Workload + "/received", 0.8);
        sent = received * Around(load.Workload + "/sent", 0.7);
        leak = load.LeakFor ?? TimeSpan.FromHours(24 + StableHash.Number(load.Workload + "/leak") % 48);
    }

    public ContainerLoad Load { get; }

    /// <summary>From its start until it is killed for its memory; null: that does not happen.</summary>
    public TimeSpan? KilledAfter => Load.Pattern == UsagePattern.Leak && leak > TimeSpan.Zero ? leak : null;

    /// <summary>The run that a container is in which started for the first time, or was seen to start, at a time before.</summary>
    public (DateTimeOffset Started, int Restarts) RunAt(DateTimeOffset started, DateTimeOffset time)
    {
        if (KilledAfter is not { } length || time <= started)
            return (started, 0);
        var runs = (time - started).Ticks / length.Ticks;
        return (started + length * runs, (int)runs);
    }

    public double CpuCores(DateTimeOffset time) => cpu.At(time);

    /// <summary>Exact, whatever the time between.</summary>
    public double CpuSeconds(DateTimeOffset from, DateTimeOffset to) => cpu.Integral(from, to);

    public double BytesReceived(DateTimeOffset from, DateTimeOffset to) => received * cpu.Integral(from, to);

    public double BytesSent(DateTimeOffset from, DateTimeOffset to) => sent * cpu.Integral(from, to);

    public double WorkingSetBytes(DateTimeOffset started, DateTimeOffset time)
    {
        if (KilledAfter is not { } length)
            return memory.At(time);
        var age = time - RunAt(started, time).Started;
        return floor + (ceiling - floor) * Math.Clamp(age / length, 0, 1);
    }

    public UsageSample At(DateTimeOffset started, DateTimeOffset time)
    {
        var (run, restarts) = RunAt(started, time);
        return new(CpuCores(time), CpuSeconds(run, time), WorkingSetBytes(started, time), run, restarts);
    }

    /// <summary>For rows of history. What lies before the start does not count.</summary>
    /// <param name="started">When the container started for the first time.</param>
    /// <param name="from">Start of the row.</param>
    /// <param name="to">End of the row, or of the container.</param>
    public UsageTotals Between(DateTimeOffset started, DateTimeOffset from, DateTimeOffset to)
    {
        if (from < started)
            from = started;
        if (to <= from)
            return default;
        var steps = (int)Math.Clamp((to - from).TotalMinutes / 5, 12, 12 * 24);
        var (cores, bytes) = (0d, 0d);
        for (var i = 0; i <= steps; i++)
        {
            var time = from + (to - from) * i / steps;
            (cores, bytes) = (Math.Max(cores, CpuCores(time)), Math.Max(bytes, WorkingSetBytes(started, time)));
        }
        var restarts = RunAt(started, to).Restarts - RunAt(started, from).Restarts;
        return new(to - from, CpuSeconds(from, to), cores, MemoryByteSeconds(started, from, to), restarts > 0 ? ceiling : bytes,
            BytesReceived(from, to), BytesSent(from, to), restarts);
    }

    private double MemoryByteSeconds(DateTimeOffset started, DateTimeOffset from, DateTimeOffset to)
    {
        return KilledAfter is { } length ? Leaked(to) - Leaked(from) : memory.Integral(from, to);

        double Leaked(DateTimeOffset time)
        {
            var (run, runs) = RunAt(started, time);
            var age = (time - run).TotalSeconds;
            return runs * length.TotalSeconds * (floor + ceiling) / 2 + age * (floor + (ceiling - floor) * age / length.TotalSeconds / 2);
        }
    }

    /// <summary>Within the limit at its peak, so that nothing has to be cut off and the integral stays exact.</summary>
    private static UsageCurve Below(double? limit, double mean, Func<double, UsageCurve> make)
    {
        var curve = make(mean);
        return limit is { } most and > 0 && curve.Most > most ? make(mean * most / curve.Most) : curve;
    }

    private static double Share(double requested, double otherwise, double share) => (requested > 0 ? requested : otherwise) * share;

    /// <summary>1, give or take.</summary>
    private static double Around(string seed, double take) => 1 - take + 2 * take * (StableHash.Number(seed) % 1_000 / 1_000d);

    /// <summary>Rhythms move by an hour and a half at most, so that days stay days; bursts come whenever.</summary>
    private static double Shift(ContainerLoad load, PeriodicShape shape)
    {
        var part = StableHash.Number(load.Workload + "/shift") % 1_000 / 1_000d;
        return load.Pattern == UsagePattern.Batch ? part * shape.Period : (part - 0.5) * 10_800;
    }
}

namespace Fleet.ControlPlane.Simulation.Usage;

/// <summary>
/// How much of what containers would use beyond their requests their node has room for. What is requested everybody gets, since the scheduler placed them by it; the rest is cut, of each by the same part. Pure.
/// </summary>
/// <param name="Cpu">From 0 to 1.</param>
/// <param name="Memory">From 0 to 1.</param>
public readonly record struct NodeShare(double Cpu, double Memory)
{
    /// <summary>
    /// Of the node, for all of its pods: the rest is for its own daemons, and for a pod that comes between two looks of whoever adds up: until the next one its request is there beside what the others used before.
    /// </summary>
    public const double ForPods = 0.9;

    public static NodeShare Whole { get; } = new(1, 1);

    public static NodeShare Of(double cores, double memoryBytes, IReadOnlyCollection<(ContainerLoad Load, double Cores, double Bytes)> wanted) => new(
        Part(cores, wanted.Select(one => (one.Load.CpuRequest, one.Cores))),
        Part(memoryBytes, wanted.Select(one => (one.Load.MemoryRequest, one.Bytes))));

    /// <summary>Of any resource, or of it over a time.</summary>
    public static double Part(double capacity, IEnumerable<(double Requested, double Wanted)> wanted)
    {
        var (requested, excess) = (0d, 0d);
        foreach (var (asked, used) in wanted)
            (requested, excess) = (requested + asked, excess + Math.Max(0, used - asked));
        // Where requests fill a node, half of what is left: who requests nothing is slow then, and not dead.
        var room = Math.Max(capacity * ForPods - requested, (capacity - requested) / 2);
        return excess > 0 ? Math.Clamp(room / excess, 0, 1) : 1;
    }

    public double Cores(ContainerLoad load, double wanted) => Cut(load.CpuRequest, wanted, Cpu);

    public double Bytes(ContainerLoad load, double wanted) => Cut(load.MemoryRequest, wanted, Memory);

    public static double Cut(double requested, double wanted, double part) => wanted <= requested ? wanted : requested + (wanted - requested) * part;
}

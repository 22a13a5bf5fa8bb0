namespace Fleet.Cost.Rightsizing;

/// <summary>
/// The simpler rules of other tools, over the peaks of replicas: what the hungriest took, with room above it. All replicas of a workload have the same requests, so the maximum
/// of each resource counts, even when it is not the same replica's. Pure.
/// </summary>
public static class ReplicaPeaks
{
    private const double LeastCores = 0.010;
    private const double LeastBytes = 20 * CostUnits.BytesPerMiB;
    private const double MemoryBuffer = 1.15;

    public static ReplicaPeak Maximum(IEnumerable<ReplicaPeak> replicas) =>
        replicas.Aggregate((one, other) => new(Math.Max(one.CpuCores, other.CpuCores), Math.Max(one.MemoryBytes, other.MemoryBytes)));

    /// <summary>Kubecost's rule: the maximum is to be this part of the request.</summary>
    /// <param name="utilization">Above 0, at most 1.</param>
    public static ReplicaPeak ForUtilization(ReplicaPeak maximum, double utilization)
    {
        if (utilization is not (> 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(utilization), "utilization is above 0 and at most 1");
        return new(Math.Max(LeastCores, maximum.CpuCores / utilization), Math.Max(LeastBytes, maximum.MemoryBytes / utilization));
    }

    /// <summary>KRR's rule for memory: the maximum and 15 %.</summary>
    public static double BufferedMemory(ReplicaPeak maximum) => maximum.MemoryBytes * MemoryBuffer;
}

namespace Fleet.Cost.Rightsizing;

/// <summary>
/// Turns the recommender's figures into advice that somebody would follow: only where the difference matters, in amounts that can be read, with limits that go along, and not where
/// another autoscaler decides. Pure.
/// </summary>
public static class Rightsizer
{
    /// <summary>A smaller change is not worth a rollout.</summary>
    public const double LeastShare = 0.1;

    /// <summary>Cores: likewise.</summary>
    public const double LeastCores = 0.025;

    /// <summary>Bytes: likewise.</summary>
    public const double LeastBytes = 32 * CostUnits.BytesPerMiB;

    /// <summary>Null when there is nothing to change, or too little was seen.</summary>
    public static RightsizingAdvice? Of(RightsizingCase container)
    {
        if (container.SetBy is not null || Recommender.Of(container.Usage, container.ContainersInPod) is not { } evidence)
            return null;
        var cpu = Decide(
            container.CpuRequest, container.CpuLimit, evidence.Cpu, ReadableAmounts.RoundCpu, LeastCores, container.IsGuaranteed, container.CpuScaledBy);
        var memory = Decide(
            container.MemoryRequest, container.MemoryLimit, evidence.Memory, ReadableAmounts.RoundMemory, LeastBytes, container.IsGuaranteed, container.MemoryScaledBy);
        // A container that was killed for its memory is not given less of it.
        if (memory.Verdict == RightsizingVerdict.Lower && evidence.OutOfMemoryKills > 0)
            memory = new(container.MemoryRequest, container.MemoryLimit, RightsizingVerdict.Keep, "it was killed for its memory, so it keeps what it has");
        return cpu.Changes || memory.Changes ? new(evidence, cpu, memory) : null;
    }

    private static ResourceAdvice Decide(
        double request, double? limit, ResourceRecommendation wanted, Func<double, double> round, double least, bool isGuaranteed, string? scaledBy)
    {
        if (scaledBy is not null)
            return new(request, limit, RightsizingVerdict.LeftAlone, $"{scaledBy} adds pods by its utilisation, and another request would change how many");
        var target = round(wanted.Target);
        if (request > 0 && (!wanted.Asks(request) || Math.Abs(target - request) < Math.Max(least, LeastShare * request) * (1 - 1e-9)))
            return new(request, limit, RightsizingVerdict.Keep);
        var verdict = request <= 0 ? RightsizingVerdict.State : target < request ? RightsizingVerdict.Lower : RightsizingVerdict.Raise;
        return new(target, LimitOf(request, limit, target, round, isGuaranteed), verdict);
    }

    /// <summary>A limit stays as it is while it is above the request; otherwise it grows in the proportion that it had. A guaranteed pod stays one.</summary>
    private static double? LimitOf(double request, double? limit, double target, Func<double, double> round, bool isGuaranteed) =>
        limit is not { } most ? null
        : isGuaranteed ? target
        : most >= target ? most
        : round(target * (request > 0 ? Math.Max(1, most / request) : 1));
}

namespace Fleet.Cost.Rightsizing;

/// <summary>
/// Requests from usage, with the vertical pod autoscaler's parameters: the 90th percentile of CPU, and of daily peaks of memory, and 15 % more; bounds from the 50th and 95th, that
/// close in as days pass. Pure.
/// </summary>
public static class Recommender
{
    public const double Margin = 1.15;

    /// <summary>Cores of a pod, divided among its containers.</summary>
    public const double LeastPodCores = 0.025;

    /// <summary>Bytes of a pod, likewise.</summary>
    public const double LeastPodBytes = 250e6;

    /// <returns>Null when nothing was seen of CPU or of memory.</returns>
    public static ContainerRecommendation? Of(ContainerUsage usage, int containersInPod)
    {
        if (containersInPod < 1)
            throw new ArgumentOutOfRangeException(nameof(containersInPod), "a pod has containers");
        if (usage.Cpu.IsEmpty || usage.Memory.IsEmpty || usage.FirstSample is not { } first || usage.LastSample is not { } last)
            return null;
        var days = usage.ConfidenceDays;
        return new(
            Recommend(usage.Cpu, days, LeastPodCores / containersInPod), Recommend(usage.Memory, days, LeastPodBytes / containersInPod),
            first, last, usage.Samples, days, usage.OutOfMemoryKills);
    }

    /// <summary>Wider with little confidence: (1 + multiplier / days)^exponent.</summary>
    public static double Confidence(double days, double multiplier, double exponent) => Math.Pow(1 + multiplier / days, exponent);

    private static ResourceRecommendation Recommend(DecayingHistogram usage, double days, double least) => new(
        Math.Max(least, usage.Percentile(0.5) * Margin * Confidence(days, 0.001, -2)),
        Math.Max(least, usage.Percentile(0.9) * Margin),
        Math.Max(least, usage.Percentile(0.95) * Margin * Confidence(days, 1, 1)));
}

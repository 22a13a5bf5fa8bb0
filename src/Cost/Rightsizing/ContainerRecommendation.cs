namespace Fleet.Cost.Rightsizing;

/// <summary>A recommendation with what it rests on.</summary>
/// <param name="Cpu">Cores.</param>
/// <param name="Memory">Bytes.</param>
/// <param name="From">First sample.</param>
/// <param name="Until">Last sample.</param>
/// <param name="Samples">Of CPU.</param>
/// <param name="ConfidenceDays">Days of usage that it rests on; the bounds are the wider the fewer.</param>
/// <param name="OutOfMemoryKills">That were seen meanwhile.</param>
public sealed record ContainerRecommendation(
    ResourceRecommendation Cpu, ResourceRecommendation Memory, DateTimeOffset From, DateTimeOffset Until, int Samples, double ConfidenceDays, int OutOfMemoryKills);

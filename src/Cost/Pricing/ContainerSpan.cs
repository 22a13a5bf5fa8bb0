using Fleet.Cost.Allocations;

namespace Fleet.Cost.Pricing;

/// <summary>A container that ran in the window.</summary>
/// <param name="PodId">What tells its pod from all others, such as the uid: names come again.</param>
/// <param name="Properties">Whose it is; the cluster is filled in.</param>
/// <param name="Start">When it began inside of the window.</param>
/// <param name="End">When it ended inside of the window.</param>
public sealed record ContainerSpan(string PodId, AllocationProperties Properties, DateTimeOffset Start, DateTimeOffset End)
{
    /// <summary>How long it ran between start and end, restarts left out; null means all of it.</summary>
    public double? RunningHours { get; init; }

    public ResourceUse Cpu { get; init; }

    public ResourceUse Ram { get; init; }

    public ResourceUse Gpu { get; init; }

    public PeakUsage? Peak { get; init; }

    public double TransferBytes { get; init; }

    public double ReceiveBytes { get; init; }

    public double CrossZoneBytes { get; init; }

    public double CrossRegionBytes { get; init; }

    public double InternetBytes { get; init; }

    /// <summary>Of what was sent that of which nobody told where it went: kubelets count bytes and not destinations.</summary>
    public double UnknownEgressBytes => Math.Max(0, TransferBytes - CrossZoneBytes - CrossRegionBytes - InternetBytes);

    public double Hours => RunningHours ?? (End - Start).TotalHours;
}

namespace Fleet.Observability.Collection;

/// <summary>What <c>/stats/summary</c> says, as far as it could be read. Counters count since the start of what is measured.</summary>
internal sealed record KubeletSummary
{
    public required string Node { get; init; }

    public required SummaryFigures Used { get; init; }

    public required IReadOnlyList<SummaryPod> Pods { get; init; }

    /// <summary>Entries that were left out, since they have no name or uid, or are of another form.</summary>
    public int Malformed { get; init; }

    /// <summary>There were more pods or containers than are read.</summary>
    public bool CutOff { get; init; }
}

/// <summary>Figures of one node, pod or container; null where the kubelet had none.</summary>
internal readonly record struct SummaryFigures(
    DateTimeOffset? Started, DateTimeOffset? Time, double? CpuSeconds, double? CpuCores, double? WorkingSetBytes, double? BytesReceived, double? BytesSent);

internal sealed record SummaryPod(
    string Uid, string Namespace, string Name, SummaryFigures Used, IReadOnlyList<SummaryContainer> Containers, IReadOnlyList<SummaryVolume> Volumes);

internal readonly record struct SummaryContainer(string Name, SummaryFigures Used);

/// <summary>A mounted claim.</summary>
internal readonly record struct SummaryVolume(string Namespace, string Claim, double CapacityBytes, double UsedBytes);

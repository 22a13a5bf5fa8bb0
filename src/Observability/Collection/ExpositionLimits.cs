namespace Fleet.Observability.Collection;

/// <summary>How much of an answer is read. A kubelet with 110 pods writes 2 MB and 10,000 samples at <c>/metrics/cadvisor</c>.</summary>
internal sealed record ExpositionLimits
{
    public static ExpositionLimits Default { get; } = new();

    public int MostBytes { get; init; } = 32 << 20;

    public int MostSamples { get; init; } = 250_000;

    /// <summary>Labels of one sample.</summary>
    public int MostLabels { get; init; } = 64;

    public int LongestLine { get; init; } = 32 << 10;
}

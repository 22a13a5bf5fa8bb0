namespace Fleet.Helm.Charts;

/// <summary>What a packed chart may contain. A chart is foreign input: it may be a bomb or try to leave its folder.</summary>
public sealed record ChartLimits
{
    public static ChartLimits Default { get; } = new();

    /// <summary>Unpacked bytes of all files; helm itself refuses above 100 MiB.</summary>
    public long MaxUnpackedBytes { get; init; } = 100L * 1024 * 1024;

    /// <summary>Bytes of one file; helm refuses above 5 MiB.</summary>
    public long MaxFileBytes { get; init; } = 5L * 1024 * 1024;

    public int MaxFiles { get; init; } = 10_000;

    /// <summary>Unpacked size over packed size; charts are text and stay well below 100 (checked once a megabyte has come out).</summary>
    public int MaxRatio { get; init; } = 200;
}

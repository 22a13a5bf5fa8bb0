namespace Fleet.Sources.Artifacts;

/// <summary>What an artifact may contain. A source is foreign input: it may be a bomb or try to leave its folder.</summary>
public sealed record ArtifactLimits
{
    public static ArtifactLimits Default { get; } = new();

    /// <summary>Bytes of all files together, after what is to be ignored was left out of Git and buckets.</summary>
    public long MaxBytes { get; init; } = 200L * 1024 * 1024;

    public long MaxFileBytes { get; init; } = 50L * 1024 * 1024;

    public int MaxFiles { get; init; } = 20_000;

    /// <summary>Unpacked size over packed size, once a megabyte has come out.</summary>
    public int MaxRatio { get; init; } = 200;
}

namespace Fleet.Helm.Charts;

/// <summary>
/// A checked chart in the cache. The file is content-addressed, so it never changes; it may be evicted, so pull again rather than keeping this for hours
/// (a pull that hits the cache costs no request for an exact version with a known digest).
/// </summary>
public sealed record ChartArchive
{
    /// <summary>Path of the .tgz.</summary>
    public required string Path { get; init; }

    /// <summary>SHA-256 of the .tgz in hexadecimal.</summary>
    public required string Digest { get; init; }

    public required ChartContent Content { get; init; }

    public string Name => Content.Metadata.Name;
    public string Version => Content.Metadata.Version;
}

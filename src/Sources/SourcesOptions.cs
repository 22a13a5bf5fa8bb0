using Fleet.Sources.Artifacts;

namespace Fleet.Sources;

/// <summary>Where artifacts are kept, and how much of anything is accepted.</summary>
public sealed record SourcesOptions
{
    /// <summary>Holds artifacts and the work folders of fetches. Private to one process of Fleet.</summary>
    public required string Folder { get; init; }

    /// <summary>Time limit of one fetch; flux' default for a source.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Bytes that git may put on disk in one fetch of a single commit, packed.</summary>
    public long MaxGitBytes { get; init; } = 512L * 1024 * 1024;

    /// <summary>How often the size of a running fetch is looked at.</summary>
    public TimeSpan SizeCheck { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Size of all artifacts; the least recently used go first.</summary>
    public long MaxCacheBytes { get; init; } = 1024L * 1024 * 1024;

    public ArtifactLimits Limits { get; init; } = ArtifactLimits.Default;
}

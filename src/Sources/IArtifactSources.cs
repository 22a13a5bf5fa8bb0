using Fleet.Sources.Artifacts;
using Fleet.Sources.Buckets;
using Fleet.Sources.Git;
using Fleet.Sources.Registries;

namespace Fleet.Sources;

/// <summary>
/// Artifacts from wherever manifests and charts are kept. Every failure is a <see cref="SourceException"/>. A revision that is known is not downloaded again.
/// Safe for concurrent use.
/// </summary>
public interface IArtifactSources
{
    Task<Artifact> FetchAsync(GitSource source, CancellationToken ct);

    Task<Artifact> FetchAsync(BucketSource source, CancellationToken ct);

    Task<Artifact> FetchAsync(RegistrySource source, CancellationToken ct);

    /// <summary>
    /// What was fetched before, by its digest; null when it does not lie here (any more). Asks nobody. Only for digests that Fleet itself has written down:
    /// who names one gets the content.
    /// </summary>
    Task<Artifact?> FindAsync(string digest, string revision, CancellationToken ct);
}

internal sealed class ArtifactSources(GitFetcher git, BucketFetcher buckets, RegistryFetcher registries, ArtifactStore store) : IArtifactSources
{
    public Task<Artifact> FetchAsync(GitSource source, CancellationToken ct) => git.FetchAsync(source, ct);

    public Task<Artifact> FetchAsync(BucketSource source, CancellationToken ct) => buckets.FetchAsync(source, ct);

    public Task<Artifact> FetchAsync(RegistrySource source, CancellationToken ct) => registries.FetchAsync(source, ct);

    public Task<Artifact?> FindAsync(string digest, string revision, CancellationToken ct) => store.FindContentAsync(digest, revision, ct);
}

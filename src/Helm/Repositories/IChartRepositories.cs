using Fleet.Helm.Charts;
using Fleet.Helm.Errors;

namespace Fleet.Helm.Repositories;

/// <summary>Charts from HTTP repositories and OCI registries. Every failure is a <see cref="HelmException"/>. Safe for concurrent use.</summary>
public interface IChartRepositories
{
    /// <summary>Resolves the version, and fetches and checks the chart unless the cache has it.</summary>
    Task<ChartArchive> PullAsync(ChartReference reference, CancellationToken ct);

    /// <summary>Versions of a chart, newest first. Asks the repository (conditionally).</summary>
    Task<IReadOnlyList<ChartVersion>> VersionsAsync(RepositorySource repository, string chart, CancellationToken ct);

    /// <summary>The chart with this digest when the cache still has it, intact; asks no repository.</summary>
    Task<ChartArchive?> FindAsync(string digest, CancellationToken ct);

    /// <summary>Takes a chart from a file (of Git, a bucket, a test) into the cache.</summary>
    Task<ChartArchive> ImportAsync(Stream archive, CancellationToken ct);
}

/// <summary><see cref="Digest"/> is null where the repository does not tell it beforehand.</summary>
public sealed record ChartVersion(string Version, string? Digest, string AppVersion, string Description, bool Deprecated);

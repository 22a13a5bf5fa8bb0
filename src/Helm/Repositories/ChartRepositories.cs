using Fleet.Helm.Charts;
using Fleet.Helm.Errors;
using Fleet.Helm.Versions;

namespace Fleet.Helm.Repositories;

internal sealed class ChartRepositories(HttpChartSource http, OciChartSource oci, ChartCache cache) : IChartRepositories
{
    public async Task<ChartArchive> PullAsync(ChartReference reference, CancellationToken ct)
    {
        if (reference.Repository.IsOci)
        {
            // An exact version is a tag; only a range needs the list.
            var version = IsExact(reference.Version)
                ? reference.Version
                : Choose(await OciVersionsAsync(reference.Repository, reference.Chart, ct), v => v, reference).Original;
            return await oci.PullAsync(reference.Repository, reference.Chart, version, reference.Keys, ct);
        }
        if (reference.Keys is not null)
            throw new HelmException(HelmErrorKind.ChartInvalid, "Cosign signatures exist in OCI registries only; the chart is in an HTTP repository.");
        var entries = await http.EntriesAsync(reference.Repository, reference.Chart, ct);
        return await http.PullAsync(reference.Repository, reference.Chart, Choose(entries, e => e.Semantic, reference), ct);
    }

    public async Task<IReadOnlyList<ChartVersion>> VersionsAsync(RepositorySource repository, string chart, CancellationToken ct)
    {
        if (repository.IsOci)
            return [.. (await OciVersionsAsync(repository, chart, ct)).Select(v => new ChartVersion(v.Original, null, "", "", false))];
        var entries = await http.EntriesAsync(repository, chart, ct);
        return [.. entries.Select(e => new ChartVersion(e.Version, e.Digest, e.AppVersion, e.Description, e.Deprecated))];
    }

    public Task<ChartArchive?> FindAsync(string digest, CancellationToken ct) => cache.FindAsync(digest, ct);

    public Task<ChartArchive> ImportAsync(Stream archive, CancellationToken ct) =>
        cache.AddAsync((target, token) => archive.CopyToAsync(target, token), null, "Imported chart", ct);

    private async Task<IReadOnlyList<SemanticVersion>> OciVersionsAsync(RepositorySource repository, string chart, CancellationToken ct) =>
        [.. (await oci.VersionsAsync(repository, chart, ct)).Select(SemanticVersion.TryParse).OfType<SemanticVersion>().OrderByDescending(v => v)];

    /// <summary>As helm: the text itself if it is there, otherwise the newest inside the range.</summary>
    private static T Choose<T>(IReadOnlyList<T> newestFirst, Func<T, SemanticVersion> version, ChartReference reference)
    {
        foreach (var candidate in newestFirst)
            if (version(candidate).Original == reference.Version) return candidate;
        var range = VersionRange.TryParse(reference.Version)
            ?? throw new HelmException(HelmErrorKind.ChartNotFound, $"\"{reference.Version}\" is neither a version nor a range, for instance 1.0.0 or ^1.2.");
        foreach (var candidate in newestFirst)
            if (range.Contains(version(candidate))) return candidate;
        var newest = newestFirst.Count > 0 ? $" The newest is {version(newestFirst[0])}." : "";
        throw new HelmException(HelmErrorKind.ChartNotFound, $"Chart \"{reference.Chart}\" has no version that matches \"{reference.Version}\".{newest}");
    }

    private static bool IsExact(string version) => version.Count(c => c == '.') >= 2 && SemanticVersion.TryParse(version) is not null;
}

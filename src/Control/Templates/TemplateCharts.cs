using Fleet.Contracts.Templates;
using Fleet.Helm.Charts;
using Fleet.Helm.Errors;
using Fleet.Helm.Repositories;
using Fleet.Sources;
using Fleet.Sources.Artifacts;

namespace Fleet.Control.Templates;

internal sealed class TemplateCharts(ChartLocations locations, ChartFetch fetch, IChartRepositories repositories, ResolvedCharts resolved) : ITemplateCharts
{
    public async Task<ChartArchive> PullAsync(HelmSpec helm, string templateNamespace, string? version, CancellationToken ct)
    {
        var location = await locations.FollowAsync(helm, templateNamespace, ct);
        var source = await locations.IdentityAsync(location, ct) ?? throw new TemplateChartException($"{location.Shown} does not exist", true);
        var wanted = version ?? location.Version;
        // In a folder one version may come to mean other files. What a template was found valid with is what its clusters get, until it is checked again.
        if (version is not null && location.Repository is null && await KnownAsync(source, location, version, ct) is { } sameAsBefore)
            return sameAsBefore;
        try
        {
            var archive = await PullAsync(location, wanted, ct);
            if (archive.Content.Metadata.Type == "library")
                throw new TemplateChartException($"chart {archive.Name} {archive.Version} is a library, which cannot be installed", false);
            if (version is not null && location.Repository is null && archive.Version != version)
                throw new TemplateChartException($"{location.Shown} has version {archive.Version} of the chart now, not {version}; the template is about to be checked again", true);
            resolved.Remember(source, location.Chart ?? "", archive.Version, archive.Digest);
            return archive;
        }
        catch (HelmException e) when (e.IsTransient && wanted.Length > 0)
        {
            // The very version that is asked for lies here: that its repository is away changes nothing.
            if (await KnownAsync(source, location, wanted, ct) is { } known)
                return known;
            throw;
        }
    }

    private async Task<ChartArchive?> KnownAsync(string source, ChartLocation location, string version, CancellationToken ct) =>
        resolved.Find(source, location.Chart ?? "", version) is { } digest && await repositories.FindAsync(digest, ct) is { } archive
            ? WithVersion(archive, version)
            : null;

    private async Task<ChartArchive> PullAsync(ChartLocation location, string version, CancellationToken ct)
    {
        if (location.Repository is { } repository)
            return await fetch.FromRepositoryAsync(repository, location, version, ct);
        var (archive, artifact) = await fetch.FromArtifactAsync(location, ct);
        return location.ByRevision ? WithVersion(archive, $"{archive.Version}+{ShortRevision(artifact)}") : archive;
    }

    /// <summary>Build metadata does not change which version it is, but tells two commits apart; flux takes as many digits.</summary>
    private static string ShortRevision(Artifact artifact)
    {
        var digest = artifact.Revision[(artifact.Revision.LastIndexOf(':') + 1)..];
        return digest[..Math.Min(12, digest.Length)];
    }

    private static ChartArchive WithVersion(ChartArchive archive, string version) =>
        archive.Version == version ? archive : archive with { Content = archive.Content with { Metadata = archive.Content.Metadata with { Version = version } } };
}

/// <summary>Fetches charts from where a location says; every failure of a source reads like one of a Helm repository.</summary>
internal sealed class ChartFetch(
    IChartRepositories repositories, RepositorySources repositorySources, SourceSecrets secrets, ISourceObjects sources, ArtifactCharts artifacts)
{
    public async Task<ChartArchive> FromRepositoryAsync(HelmRepository repository, ChartLocation location, string version, CancellationToken ct)
    {
        var source = await repositorySources.ReadAsync(repository, ct);
        // As flux: the Secret with the keys is in the namespace of the chart's source.
        var keys = await secrets.KeysAsync(location.Verify, location.Shown, location.Key.Namespace, ct);
        return await repositories.PullAsync(new ChartReference(source, location.Chart ?? "", version) { Keys = keys }, ct);
    }

    public async Task<(ChartArchive Archive, Artifact Artifact)> FromArtifactAsync(ChartLocation location, CancellationToken ct)
    {
        try
        {
            var artifact = location.Remote is { } remote
                ? await sources.FetchAsync(remote, location.Key.Namespace, ct)
                : await sources.FetchAsync(location.Kind, location.Key, ct);
            return (await artifacts.ReadAsync(artifact, location.Chart, location.Shown, ct), artifact);
        }
        catch (SourceException e)
        {
            throw new HelmException(KindOf(e.Kind), $"{location.Shown}: {e.Message}", e);
        }
    }

    private static HelmErrorKind KindOf(SourceErrorKind kind) => kind switch
    {
        SourceErrorKind.Invalid or SourceErrorKind.Refused => HelmErrorKind.ChartInvalid,
        SourceErrorKind.NotFound => HelmErrorKind.ChartNotFound,
        SourceErrorKind.AuthenticationFailed => HelmErrorKind.AuthenticationFailed,
        SourceErrorKind.Timeout => HelmErrorKind.Timeout,
        SourceErrorKind.DiskFull => HelmErrorKind.DiskFull,
        _ => HelmErrorKind.RepositoryUnreachable,
    };
}

using Fleet.Helm.Charts;
using Fleet.Helm.Errors;
using Fleet.Helm.Signatures;

namespace Fleet.Helm.Repositories;

/// <summary>
/// Charts in OCI registries: tags, a manifest, one chart layer. Done here rather than by <c>helm pull</c>, so that a steady
/// fleet starts no process, sizes are bounded, and charts with a provenance layer work with helm 3 too.
/// </summary>
internal sealed class OciChartSource(HelmOptions options, OciRegistryClient registry, CosignSignatures signatures, ChartCache cache)
{
    private const string ChartLayerType = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";

    /// <summary>Tags as helm versions (a tag has _ where a version has +).</summary>
    public async Task<IReadOnlyList<string>> VersionsAsync(RepositorySource repository, string chart, CancellationToken ct) =>
        [.. (await registry.TagsAsync(repository, OciLocation.Of(repository, chart), ct)).Select(tag => tag.Replace('_', '+'))];

    public Task<ChartArchive> PullAsync(RepositorySource repository, string chart, string version, CosignKeys? keys, CancellationToken ct) =>
        PullAsync(repository, OciLocation.Of(repository, chart), version.Replace('+', '_'), keys, ct);

    /// <summary><c>oci://host/path/chart:tag</c>, as some HTTP repositories' indexes name their charts.</summary>
    public Task<ChartArchive> PullReferenceAsync(RepositorySource repository, string reference, CancellationToken ct)
    {
        var colon = reference.LastIndexOf(':');
        if (colon <= reference.LastIndexOf('/')) throw new HelmException(HelmErrorKind.ChartNotFound, $"{reference} has no tag.");
        var source = repository with { Url = reference[..colon], Credentials = repository.PassCredentials ? repository.Credentials : null };
        return PullAsync(source, OciLocation.Of(source, ""), reference[(colon + 1)..], null, ct);
    }

    private async Task<ChartArchive> PullAsync(RepositorySource repository, OciLocation location, string tag, CosignKeys? keys, CancellationToken ct)
    {
        var what = $"Chart {location.Of(tag)}";
        var manifest = await registry.ManifestAsync(repository, location, tag, ct);
        if (keys is not null) await signatures.VerifyAsync(repository, location, manifest.Digest, keys, ct);
        var layer = manifest.Layers.FirstOrDefault(l => l.MediaType == ChartLayerType)
            ?? throw new HelmException(HelmErrorKind.ChartInvalid, $"{what} is not a Helm chart: its manifest has no chart layer.");
        var digest = layer.Digest["sha256:".Length..];
        if (await cache.FindAsync(digest, ct) is { } cached) return cached;
        return await cache.AddAsync(
            (stream, token) => registry.CopyBlobAsync(repository, location, layer.Digest, options.MaxChartBytes, stream, token), digest, what, ct);
    }
}

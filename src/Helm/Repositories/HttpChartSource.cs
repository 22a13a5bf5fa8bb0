using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Fleet.Helm.Charts;
using Fleet.Helm.Errors;

namespace Fleet.Helm.Repositories;

/// <summary>Helm's HTTP repositories: index.yaml, kept with its ETag, and archives whose digest the index promises.</summary>
internal sealed class HttpChartSource(HelmOptions options, RepositoryHttp http, ChartCache cache, OciChartSource oci, TimeProvider time)
{
    private const int MaxIndexes = 128;

    private readonly ConcurrentDictionary<string, Index> _indexes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _fetching = new(StringComparer.Ordinal);

    public async Task<IReadOnlyList<IndexEntry>> EntriesAsync(RepositorySource repository, string chart, CancellationToken ct)
    {
        var index = await IndexAsync(repository, ct);
        if (index.Charts.TryGetValue(chart, out var entries) && entries.Count > 0) return entries;
        throw new HelmException(HelmErrorKind.ChartNotFound, $"The repository {Shown(repository)} has no chart \"{chart}\".");
    }

    public async Task<ChartArchive> PullAsync(RepositorySource repository, string chart, IndexEntry entry, CancellationToken ct)
    {
        if (entry.Digest is not null && await cache.FindAsync(entry.Digest, ct) is { } cached) return cached;
        var what = $"Chart {chart} {entry.Version} of {Shown(repository)}";
        if (entry.Urls.Count == 0) throw new HelmException(HelmErrorKind.ChartNotFound, $"{what} has no URL in the index.");
        if (entry.Urls[0].StartsWith("oci://", StringComparison.Ordinal)) return await oci.PullReferenceAsync(repository, entry.Urls[0], ct);

        var uri = new Uri(Base(repository), entry.Urls[0]);
        var authorization = SameHost(Base(repository), uri) || repository.PassCredentials ? RepositoryHttp.Basic(repository.Credentials) : null;
        return await cache.AddAsync(async (stream, token) =>
        {
            using var response = await http.SendAsync(repository, uri, _ => { }, authorization, token);
            if (!response.IsSuccessStatusCode) throw RepositoryHttp.Failed(response, what);
            await http.CopyAsync(response, stream, options.MaxChartBytes, what, token);
        }, entry.Digest, what, ct);
    }

    private async Task<Index> IndexAsync(RepositorySource repository, CancellationToken ct)
    {
        var key = Key(repository);
        if (Fresh(key) is { } fresh) return fresh;
        // One request for all that wait: a fleet asks for the same index at the same moment.
        var one = _fetching.GetOrAdd(key, _ => new SemaphoreSlim(1, 1));
        await one.WaitAsync(ct);
        try
        {
            return Fresh(key) ?? await FetchAsync(repository, key, ct);
        }
        finally
        {
            one.Release();
        }
    }

    private Index? Fresh(string key) =>
        _indexes.TryGetValue(key, out var index) && time.GetElapsedTime(index.FetchedAt) < options.IndexFreshFor ? index : null;

    private async Task<Index> FetchAsync(RepositorySource repository, string key, CancellationToken ct)
    {
        _indexes.TryGetValue(key, out var known);
        var what = $"Repository {Shown(repository)}";
        using var response = await http.SendAsync(repository, new Uri(Base(repository), "index.yaml"), request =>
        {
            if (known?.ETag is { } etag) request.Headers.IfNoneMatch.Add(etag);
        }, RepositoryHttp.Basic(repository.Credentials), ct);

        if (response.StatusCode == HttpStatusCode.NotModified && known is not null) return Keep(key, known with { FetchedAt = time.GetTimestamp() });
        if (response.StatusCode == HttpStatusCode.NotFound)
            throw new HelmException(HelmErrorKind.RepositoryUnreachable, $"{what}: there is no index.yaml, so this is not a Helm repository.");
        if (!response.IsSuccessStatusCode) throw RepositoryHttp.Failed(response, what);

        using var body = new MemoryStream();
        await http.CopyAsync(response, body, options.MaxIndexBytes, what + ", index.yaml", ct);
        body.Position = 0;
        return Keep(key, new Index(RepositoryIndexReader.Read(new StreamReader(body, Encoding.UTF8)), response.Headers.ETag, time.GetTimestamp()));
    }

    private Index Keep(string key, Index index)
    {
        if (_indexes.Count >= MaxIndexes) _indexes.Clear();
        return _indexes[key] = index;
    }

    // Whoever has other credentials may see another index. The password itself is not kept as a key.
    private static string Key(RepositorySource repository) =>
        repository.Url + " " + (repository.Credentials is { } c ? Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{c.Username}\0{c.Password}"))) : "-")
        + " " + repository.SkipTlsVerify + " " + repository.CaBundle?.GetHashCode(StringComparison.Ordinal);

    private static Uri Base(RepositorySource repository)
    {
        if (!Uri.TryCreate(repository.Url.EndsWith('/') ? repository.Url : repository.Url + "/", UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            throw new HelmException(HelmErrorKind.RepositoryUnreachable, $"The repository URL \"{repository.Url}\" must start with https://, http:// or oci://.");
        if (uri.UserInfo.Length > 0)
            throw new HelmException(HelmErrorKind.AuthenticationFailed, "The repository URL carries credentials. Put them into the repository's secretRef.");
        return uri;
    }

    private static bool SameHost(Uri left, Uri right) => left.Authority == right.Authority && left.Scheme == right.Scheme;

    private static string Shown(RepositorySource repository) => RepositoryHttp.Shown(Base(repository));

    private sealed record Index(IReadOnlyDictionary<string, IReadOnlyList<IndexEntry>> Charts, EntityTagHeaderValue? ETag, long FetchedAt);
}

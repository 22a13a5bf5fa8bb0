using System.Net;
using System.Text.Json;
using Fleet.Helm.Charts;
using Fleet.Helm.Errors;

namespace Fleet.Helm.Repositories;

/// <summary>
/// Charts in OCI registries, by the distribution protocol: tags, a manifest, one chart layer. Done here rather than by <c>helm pull</c>, so that a steady
/// fleet starts no process, sizes are bounded, and charts with a provenance layer work with helm 3 too.
/// </summary>
internal sealed class OciChartSource(HelmOptions options, RepositoryHttp http, OciTokens tokens, ChartCache cache)
{
    private const string ManifestType = "application/vnd.oci.image.manifest.v1+json";
    private const string ChartLayerType = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
    private const int MaxManifestBytes = 1024 * 1024;
    private const int MaxTagPages = 100;

    /// <summary>Tags as helm versions (a tag has _ where a version has +).</summary>
    public async Task<IReadOnlyList<string>> VersionsAsync(RepositorySource repository, string chart, CancellationToken ct)
    {
        var location = Location.Of(repository, chart);
        var versions = new List<string>();
        var next = new Uri(location.Api, "tags/list?n=1000");
        for (var page = 0; page < MaxTagPages; page++)
        {
            using var response = await SendAsync(repository, location, next, "application/json", ct);
            if (!response.IsSuccessStatusCode) throw RepositoryHttp.Failed(response, $"Chart {location.Shown}");
            using var json = await JsonAsync(response, 16 * MaxManifestBytes, location, ct);
            if (json.RootElement.TryGetProperty("tags", out var tags) && tags.ValueKind == JsonValueKind.Array)
                versions.AddRange(tags.EnumerateArray().Select(t => (t.GetString() ?? "").Replace('_', '+')));
            if (NextPage(response, next) is not { } more) break;
            next = more;
        }
        return versions;
    }

    public Task<ChartArchive> PullAsync(RepositorySource repository, string chart, string version, CancellationToken ct) =>
        PullAsync(repository, Location.Of(repository, chart), version.Replace('+', '_'), ct);

    /// <summary><c>oci://host/path/chart:tag</c>, as some HTTP repositories' indexes name their charts.</summary>
    public Task<ChartArchive> PullReferenceAsync(RepositorySource repository, string reference, CancellationToken ct)
    {
        var colon = reference.LastIndexOf(':');
        if (colon <= reference.LastIndexOf('/')) throw new HelmException(HelmErrorKind.ChartNotFound, $"{reference} has no tag.");
        var source = repository with { Url = reference[..colon], Credentials = repository.PassCredentials ? repository.Credentials : null };
        return PullAsync(source, Location.Of(source, ""), reference[(colon + 1)..], ct);
    }

    private async Task<ChartArchive> PullAsync(RepositorySource repository, Location location, string tag, CancellationToken ct)
    {
        var what = $"Chart {location.Shown}:{tag}";
        var digest = await ChartDigestAsync(repository, location, tag, what, ct);
        if (await cache.FindAsync(digest, ct) is { } cached) return cached;
        return await cache.AddAsync(async (stream, token) =>
        {
            using var response = await SendAsync(repository, location, new Uri(location.Api, "blobs/sha256:" + digest), "*/*", token);
            if (!response.IsSuccessStatusCode) throw RepositoryHttp.Failed(response, what);
            await http.CopyAsync(response, stream, options.MaxChartBytes, what, token);
        }, digest, what, ct);
    }

    private async Task<string> ChartDigestAsync(RepositorySource repository, Location location, string tag, string what, CancellationToken ct)
    {
        using var response = await SendAsync(repository, location, new Uri(location.Api, "manifests/" + Uri.EscapeDataString(tag)), ManifestType, ct);
        if (!response.IsSuccessStatusCode) throw RepositoryHttp.Failed(response, what);
        using var manifest = await JsonAsync(response, MaxManifestBytes, location, ct);
        if (manifest.RootElement.ValueKind == JsonValueKind.Object && manifest.RootElement.TryGetProperty("layers", out var layers) && layers.ValueKind == JsonValueKind.Array)
            foreach (var layer in layers.EnumerateArray())
                if (layer.TryGetProperty("mediaType", out var type) && type.GetString() == ChartLayerType
                    && layer.TryGetProperty("digest", out var value) && value.GetString() is { } digest && digest.StartsWith("sha256:", StringComparison.Ordinal))
                    return digest["sha256:".Length..];
        throw new HelmException(HelmErrorKind.ChartInvalid, $"{what} is not a Helm chart: its manifest has no chart layer.");
    }

    private async Task<HttpResponseMessage> SendAsync(RepositorySource repository, Location location, Uri uri, string accept, CancellationToken ct)
    {
        void Prepare(HttpRequestMessage request) => request.Headers.TryAddWithoutValidation("Accept", accept);
        var response = await http.SendAsync(repository, uri, Prepare, tokens.Known(repository, location.Repository), ct);
        if (response.StatusCode != HttpStatusCode.Unauthorized) return response;
        var authorization = await tokens.AnswerAsync(repository, location.Repository, response.Headers.WwwAuthenticate, ct);
        if (authorization is null) return response;
        response.Dispose();
        return await http.SendAsync(repository, uri, Prepare, authorization, ct);
    }

    private async Task<JsonDocument> JsonAsync(HttpResponseMessage response, int maxBytes, Location location, CancellationToken ct)
    {
        using var body = new MemoryStream();
        await http.CopyAsync(response, body, maxBytes, $"Registry answer for {location.Shown}", ct);
        try
        {
            return JsonDocument.Parse(body.ToArray());
        }
        catch (JsonException e)
        {
            throw new HelmException(HelmErrorKind.RepositoryUnreachable, $"The registry's answer for {location.Shown} is not JSON.", e);
        }
    }

    // Link: </v2/…/tags/list?last=…&n=…>; rel="next". Only followed on the registry itself.
    private static Uri? NextPage(HttpResponseMessage response, Uri current)
    {
        if (!response.Headers.TryGetValues("Link", out var links)) return null;
        var link = links.FirstOrDefault(l => l.Contains("rel=\"next\"", StringComparison.Ordinal));
        if (link is null || link.IndexOf('<') is not (>= 0 and var open) || link.IndexOf('>') is not (>= 0 and var close) || close < open) return null;
        var next = new Uri(current, link[(open + 1)..close]);
        return next.Authority == current.Authority && next.Scheme == current.Scheme ? next : null;
    }

    private sealed record Location(Uri Api, string Repository, string Shown)
    {
        public static Location Of(RepositorySource source, string chart)
        {
            var url = source.Url.TrimEnd('/') + (chart.Length > 0 ? "/" + chart : "");
            if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.AbsolutePath.Length < 2)
                throw new HelmException(HelmErrorKind.RepositoryUnreachable, $"\"{source.Url}\" is not an OCI repository, for instance oci://registry.example.org/charts.");
            if (uri.UserInfo.Length > 0)
                throw new HelmException(HelmErrorKind.AuthenticationFailed, "The registry URL carries credentials. Put them into the repository's secretRef.");
            var path = uri.AbsolutePath.Trim('/');
            var scheme = source.PlainHttp ? "http" : "https";
            return new Location(new Uri($"{scheme}://{uri.Authority}/v2/{path}/"), path, $"{uri.Authority}/{path}");
        }
    }
}

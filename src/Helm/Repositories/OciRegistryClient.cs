using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Fleet.Helm.Errors;

namespace Fleet.Helm.Repositories;

/// <summary>The distribution protocol of OCI registries: tags, manifests, blobs; every answer bounded, every digest checked.</summary>
internal sealed class OciRegistryClient(RepositoryHttp http, OciTokens tokens)
{
    public const string ManifestType = "application/vnd.oci.image.manifest.v1+json";
    private const string IndexType = "application/vnd.oci.image.index.v1+json";
    private const int MaxManifestBytes = 1024 * 1024;
    private const int MaxTagPages = 100;

    public async Task<IReadOnlyList<string>> TagsAsync(RepositorySource repository, OciLocation location, CancellationToken ct)
    {
        var names = new List<string>();
        var next = new Uri(location.Api, "tags/list?n=1000");
        for (var page = 0; page < MaxTagPages; page++)
        {
            using var response = await SendAsync(repository, location, next, "application/json", ct);
            if (!response.IsSuccessStatusCode) throw RepositoryHttp.Failed(response, location.Shown);
            using var json = Json(await BytesAsync(response, 16 * MaxManifestBytes, location, ct), location);
            if (json.RootElement.TryGetProperty("tags", out var tags) && tags.ValueKind == JsonValueKind.Array)
                names.AddRange(tags.EnumerateArray().Select(t => t.GetString() ?? ""));
            if (NextPage(response, next) is not { } more) break;
            next = more;
        }
        return names;
    }

    /// <summary>The manifest of a tag or digest. Null when the registry answers that there is none.</summary>
    public async Task<OciManifest?> FindManifestAsync(RepositorySource repository, OciLocation location, string reference, CancellationToken ct)
    {
        var what = location.Of(reference);
        using var response = await SendAsync(
            repository, location, new Uri(location.Api, "manifests/" + Uri.EscapeDataString(reference)), $"{ManifestType}, {IndexType}", ct);
        if (response.StatusCode == HttpStatusCode.NotFound) return null;
        if (!response.IsSuccessStatusCode) throw RepositoryHttp.Failed(response, what);
        var bytes = await BytesAsync(response, MaxManifestBytes, location, ct);
        // What the registry says about the digest is not asked: the bytes tell.
        var digest = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));
        if (reference.StartsWith("sha256:", StringComparison.Ordinal) && digest != reference)
            throw new HelmException(HelmErrorKind.ChartInvalid, $"{what}: the registry answers with another manifest, {digest}.");
        using var json = Json(bytes, location);
        return new OciManifest(digest, Layers(json.RootElement));
    }

    public async Task<OciManifest> ManifestAsync(RepositorySource repository, OciLocation location, string reference, CancellationToken ct) =>
        await FindManifestAsync(repository, location, reference, ct)
        ?? throw new HelmException(HelmErrorKind.ChartNotFound, $"{location.Of(reference)} does not exist in the registry.");

    /// <summary>Copies a blob. Whoever stores it checks its digest.</summary>
    public async Task CopyBlobAsync(RepositorySource repository, OciLocation location, string digest, long maxBytes, Stream target, CancellationToken ct)
    {
        using var response = await SendAsync(repository, location, new Uri(location.Api, "blobs/" + digest), "*/*", ct);
        if (!response.IsSuccessStatusCode) throw RepositoryHttp.Failed(response, location.Shown);
        await http.CopyAsync(response, target, maxBytes, location.Shown, ct);
    }

    private async Task<HttpResponseMessage> SendAsync(RepositorySource repository, OciLocation location, Uri uri, string accept, CancellationToken ct)
    {
        void Prepare(HttpRequestMessage request) => request.Headers.TryAddWithoutValidation("Accept", accept);
        var response = await http.SendAsync(repository, uri, Prepare, tokens.Known(repository, location.Repository), ct);
        if (response.StatusCode != HttpStatusCode.Unauthorized) return response;
        var authorization = await tokens.AnswerAsync(repository, location.Repository, response.Headers.WwwAuthenticate, ct);
        if (authorization is null) return response;
        response.Dispose();
        return await http.SendAsync(repository, uri, Prepare, authorization, ct);
    }

    private async Task<byte[]> BytesAsync(HttpResponseMessage response, int maxBytes, OciLocation location, CancellationToken ct)
    {
        using var body = new MemoryStream();
        await http.CopyAsync(response, body, maxBytes, $"Registry answer for {location.Shown}", ct);
        return body.ToArray();
    }

    private static JsonDocument Json(byte[] bytes, OciLocation location)
    {
        try
        {
            return JsonDocument.Parse(bytes);
        }
        catch (JsonException e)
        {
            throw new HelmException(HelmErrorKind.RepositoryUnreachable, $"The registry's answer for {location.Shown} is not JSON.", e);
        }
    }

    private static List<OciLayer> Layers(JsonElement manifest)
    {
        if (manifest.ValueKind != JsonValueKind.Object || !manifest.TryGetProperty("layers", out var layers) || layers.ValueKind != JsonValueKind.Array) return [];
        return [.. from layer in layers.EnumerateArray()
                   let digest = Text(layer, "digest")
                   where digest.Length == 71 && digest.StartsWith("sha256:", StringComparison.Ordinal) && digest.Skip(7).All(char.IsAsciiHexDigitLower)
                   select new OciLayer(Text(layer, "mediaType"), digest, Annotations(layer))];
    }

    private static Dictionary<string, string> Annotations(JsonElement layer) =>
        layer.TryGetProperty("annotations", out var found) && found.ValueKind == JsonValueKind.Object
            ? found.EnumerateObject().Where(a => a.Value.ValueKind == JsonValueKind.String).ToDictionary(a => a.Name, a => a.Value.GetString()!, StringComparer.Ordinal)
            : [];

    private static string Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    // Link: </v2/…/tags/list?last=…&n=…>; rel="next". Only followed on the registry itself.
    private static Uri? NextPage(HttpResponseMessage response, Uri current)
    {
        if (!response.Headers.TryGetValues("Link", out var links)) return null;
        var link = links.FirstOrDefault(l => l.Contains("rel=\"next\"", StringComparison.Ordinal));
        if (link is null || link.IndexOf('<') is not (>= 0 and var open) || link.IndexOf('>') is not (>= 0 and var close) || close < open) return null;
        var next = new Uri(current, link[(open + 1)..close]);
        return next.Authority == current.Authority && next.Scheme == current.Scheme ? next : null;
    }
}

using System.Formats.Tar;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.Testing.Servers;

namespace Fleet.Integration.Tests.Sources;

/// <summary>Pushes artifacts and cosign signatures into a real registry, as flux push and cosign sign do.</summary>
internal static class OciArtifact
{
    public const string LayerType = "application/vnd.cncf.flux.content.v1.tar+gzip";

    public static byte[] Tar(params (string Name, string Content)[] files)
    {
        var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest))
        using (var tar = new TarWriter(gzip))
            foreach (var (name, content) in files)
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)) });
        return bytes.ToArray();
    }

    /// <summary>The manifest's digest.</summary>
    public static async Task<string> PushAsync(OciRegistry registry, string repository, string tag, params (string Type, byte[] Content, JsonObject? Annotations)[] layers)
    {
        using var http = new HttpClient { BaseAddress = new Uri(registry.Address, $"/v2/{repository}/") };
        var config = await BlobAsync(http, "{}"u8.ToArray());
        var list = new JsonArray();
        foreach (var (type, content, annotations) in layers)
            list.Add(new JsonObject { ["mediaType"] = type, ["digest"] = await BlobAsync(http, content), ["size"] = content.Length, ["annotations"] = annotations });
        var manifest = Encoding.UTF8.GetBytes(new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = "application/vnd.oci.image.manifest.v1+json",
            ["config"] = new JsonObject { ["mediaType"] = "application/vnd.cncf.flux.config.v1+json", ["digest"] = config, ["size"] = 2 },
            ["layers"] = list,
        }.ToJsonString());
        using var body = new ByteArrayContent(manifest);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/vnd.oci.image.manifest.v1+json");
        (await http.PutAsync(new Uri($"manifests/{tag}", UriKind.Relative), body)).EnsureSuccessStatusCode();
        return Digest(manifest);
    }

    /// <summary>What <c>cosign sign --key</c> leaves in the registry.</summary>
    public static Task SignAsync(OciRegistry registry, string repository, string digest, ECDsa key, string? signedDigest = null)
    {
        var payload = Encoding.UTF8.GetBytes(
            $$$"""{"critical":{"identity":{"docker-reference":"x"},"image":{"docker-manifest-digest":"{{{signedDigest ?? digest}}}"},"type":"cosign container image signature"},"optional":null}""");
        var signature = Convert.ToBase64String(key.SignData(payload, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        return PushAsync(
            registry, repository, digest.Replace(':', '-') + ".sig",
            ("application/vnd.dev.cosign.simplesigning.v1+json", payload, new JsonObject { ["dev.cosignproject.cosign/signature"] = signature }));
    }

    public static string Digest(byte[] content) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content));

    private static async Task<string> BlobAsync(HttpClient http, byte[] content)
    {
        using var start = await http.PostAsync(new Uri("blobs/uploads/", UriKind.Relative), null);
        start.EnsureSuccessStatusCode();
        var digest = Digest(content);
        var location = new UriBuilder(new Uri(http.BaseAddress!, start.Headers.Location!));
        location.Query = location.Query.TrimStart('?') + "&digest=" + Uri.EscapeDataString(digest);
        using var body = new ByteArrayContent(content);
        (await http.PutAsync(location.Uri, body)).EnsureSuccessStatusCode();
        return digest;
    }
}

using System.Text.Json;
using Fleet.Helm.Errors;
using Fleet.Helm.Repositories;

namespace Fleet.Helm.Signatures;

/// <summary>
/// Signatures that cosign keeps beside an artifact, under the tag <c>sha256-DIGEST.sig</c>: each layer is a simple-signing payload that names the manifest's
/// digest, with its signature as an annotation. Only with public keys: keyless signing needs Fulcio's and Rekor's roots, which are not read here.
/// </summary>
internal sealed class CosignSignatures(OciRegistryClient registry)
{
    private const string Annotation = "dev.cosignproject.cosign/signature";
    private const string PayloadType = "application/vnd.dev.cosign.simplesigning.v1+json";
    private const int MaxPayloadBytes = 64 * 1024;
    private const int MaxSignatures = 50;

    /// <summary>Throws <see cref="HelmException"/> (ChartInvalid) unless one of the keys signed this very manifest.</summary>
    public async Task VerifyAsync(RepositorySource repository, OciLocation location, string manifestDigest, CosignKeys keys, CancellationToken ct)
    {
        var tag = manifestDigest.Replace(':', '-') + ".sig";
        var manifest = await registry.FindManifestAsync(repository, location, tag, ct)
            ?? throw new HelmException(HelmErrorKind.ChartInvalid, $"{location.Of(manifestDigest)} has no cosign signature (tag {tag}).");
        foreach (var layer in manifest.Layers.Where(l => l.MediaType == PayloadType).Take(MaxSignatures))
            if (await HoldsAsync(repository, location, layer, manifestDigest, keys, ct)) return;
        throw new HelmException(HelmErrorKind.ChartInvalid, $"{location.Of(manifestDigest)}: no cosign signature was made with the given keys.");
    }

    private async Task<bool> HoldsAsync(RepositorySource repository, OciLocation location, OciLayer layer, string manifestDigest, CosignKeys keys, CancellationToken ct)
    {
        if (!layer.Annotations.TryGetValue(Annotation, out var text)) return false;
        using var payload = new MemoryStream();
        await registry.CopyBlobAsync(repository, location, layer.Digest, MaxPayloadBytes, payload, ct);
        var bytes = payload.ToArray();
        var signature = new byte[text.Length];
        return Convert.TryFromBase64String(text, signature, out var length)
            && keys.Verify(bytes, signature[..length])
            && SignedDigest(bytes) == manifestDigest;
    }

    private static string? SignedDigest(byte[] payload)
    {
        try
        {
            using var json = JsonDocument.Parse(payload);
            return json.RootElement.GetProperty("critical").GetProperty("image").GetProperty("docker-manifest-digest").GetString();
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }
}

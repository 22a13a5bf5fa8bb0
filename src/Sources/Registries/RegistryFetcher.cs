using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Fleet.Helm.Errors;
using Fleet.Helm.Repositories;
using Fleet.Helm.Signatures;
using Fleet.Helm.Versions;
using Fleet.Sources.Artifacts;

namespace Fleet.Sources.Registries;

/// <summary>Artifacts from OCI registries: a manifest, its signature when asked, one layer whose digest is checked.</summary>
internal sealed class RegistryFetcher(SourcesOptions options, OciRegistryClient registry, CosignSignatures signatures, ArtifactStore store, ArchiveArtifacts archives)
{
    public const string CopiedName = "layer";

    public async Task<Artifact> FetchAsync(RegistrySource source, CancellationToken ct)
    {
        try
        {
            return await FetchCheckedAsync(source, ct);
        }
        catch (HelmException e)
        {
            throw new SourceException(KindOf(e.Kind), e.Message, e);
        }
    }

    private async Task<Artifact> FetchCheckedAsync(RegistrySource source, CancellationToken ct)
    {
        var repository = source.Repository;
        var location = OciLocation.Of(repository, "");
        var reference = await ReferenceAsync(source, location, ct);
        var manifest = await registry.ManifestAsync(repository, location, reference, ct);
        if (source.Keys is { } keys) await signatures.VerifyAsync(repository, location, manifest.Digest, keys, ct);
        var layer = manifest.Layers.FirstOrDefault(l => source.LayerMediaType is not { Length: > 0 } type || l.MediaType == type)
            ?? throw new SourceException(SourceErrorKind.NotFound, $"{location.Of(reference)} has no layer{(source.LayerMediaType is { } type ? $" of type {type}" : "")}.");
        var name = NameOf(source, location, reference, manifest.Digest);
        if (await store.FindAsync(name.Source, name.Revision, ct) is { } known) return known;

        using var work = store.NewWork();
        var file = await DownloadAsync(repository, location, layer, work, ct);
        if (!source.CopyLayer) return await archives.PublishAsync(name, file, source.Ignore, work, ct);
        var content = work.Make("content");
        File.Move(file, Path.Combine(content, CopiedName));
        return await store.PublishAsync(name.Source, name.Revision, content, ct);
    }

    private async Task<string> ReferenceAsync(RegistrySource source, OciLocation location, CancellationToken ct)
    {
        if (source.Digest is { Length: > 0 } digest)
            return digest.Length == 71 && digest.StartsWith("sha256:", StringComparison.Ordinal) && digest.Skip(7).All(char.IsAsciiHexDigitLower)
                ? digest
                : throw new SourceException(SourceErrorKind.Invalid, $"spec.ref.digest \"{digest}\" is not a digest: sha256: and 64 hexadecimal digits.");
        if (source.SemVer is not { Length: > 0 } text) return source.Tag is { Length: > 0 } tag ? tag : "latest";
        var range = VersionRange.TryParse(text)
            ?? throw new SourceException(SourceErrorKind.Invalid, $"spec.ref.semver \"{text}\" is not a range of versions, for instance \">=1.0.0 <2.0.0\".");
        var filter = Filter(source.SemVerFilter);
        return (await registry.TagsAsync(source.Repository, location, ct))
            .Where(tag => filter is null || filter.IsMatch(tag))
            .Select(tag => (Tag: tag, Version: SemanticVersion.TryParse(tag.Replace('_', '+'))))
            .Where(tag => tag.Version is not null && range.Contains(tag.Version))
            .OrderByDescending(tag => tag.Version).ThenBy(tag => tag.Tag, StringComparer.Ordinal)
            .Select(tag => tag.Tag).FirstOrDefault()
            ?? throw new SourceException(SourceErrorKind.NotFound, $"{location.Shown} has no tag that matches \"{text}\".");
    }

    private async Task<string> DownloadAsync(RepositorySource repository, OciLocation location, OciLayer layer, WorkFolder work, CancellationToken ct)
    {
        var file = Path.Combine(work.Path, "layer");
        try
        {
            await using var stream = new FileStream(file, FileMode.CreateNew, FileAccess.ReadWrite);
            await registry.CopyBlobAsync(repository, location, layer.Digest, options.Limits.MaxBytes, stream, ct);
            stream.Position = 0;
            var digest = "sha256:" + Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, ct));
            return digest == layer.Digest
                ? file
                : throw new SourceException(SourceErrorKind.Refused, $"{location.Shown}: the layer has digest {digest}, but the manifest promises {layer.Digest}.");
        }
        catch (IOException e)
        {
            throw new SourceException(SourceErrorKind.DiskFull, $"{location.Shown}: the layer cannot be written: {e.Message}", e);
        }
    }

    private static ArtifactName NameOf(RegistrySource source, OciLocation location, string reference, string digest)
    {
        var access = source.Repository.Credentials is { } c ? $"{c.Username}\0{c.Password}" : "";
        var identity = string.Join('\n', "oci", location.Api, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(access))),
            source.LayerMediaType, source.CopyLayer, source.Ignore);
        return new(identity, reference == digest ? digest : $"{reference}@{digest}", location.Of(reference));
    }

    private static Regex? Filter(string? pattern)
    {
        try
        {
            return pattern is { Length: > 0 } ? new(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, TimeSpan.FromSeconds(1)) : null;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new SourceException(SourceErrorKind.Invalid, $"spec.ref.semverFilter \"{pattern}\" is not a regular expression that can be used.", e);
        }
    }

    private static SourceErrorKind KindOf(HelmErrorKind kind) => kind switch
    {
        HelmErrorKind.ChartNotFound => SourceErrorKind.NotFound,
        HelmErrorKind.AuthenticationFailed => SourceErrorKind.AuthenticationFailed,
        HelmErrorKind.Timeout => SourceErrorKind.Timeout,
        HelmErrorKind.ChartInvalid => SourceErrorKind.Refused,
        HelmErrorKind.DiskFull => SourceErrorKind.DiskFull,
        _ => SourceErrorKind.Unreachable,
    };
}

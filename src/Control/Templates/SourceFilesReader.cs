using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Contracts.Templates;
using Fleet.Control.Durations;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Sources;
using Fleet.Sources.Artifacts;

namespace Fleet.Control.Templates;

internal sealed class SourceFilesReader(IKubernetesClient client, ISourceObjects objects, IArtifactSources artifacts) : ISourceFiles
{
    /// <summary>Upstream's name for a kustomization in a ConfigMap or Secret.</summary>
    private const string Archive = "kustomize.tar.gz";

    /// <summary>What a ConfigMap holds is below 1 MiB; unpacked it may be larger, but stays in memory.</summary>
    private static readonly ArtifactLimits ArchiveLimits = new() { MaxBytes = 8 * 1024 * 1024, MaxFileBytes = 4 * 1024 * 1024, MaxFiles = 2_000 };

    public async Task<SourceFiles> FetchAsync(SourceSpec source, ObjectKey template, SourcePin? pin, CancellationToken ct)
    {
        var (kind, key) = PlaceOf(source, template);
        if (kind is "ConfigMap" or "Secret")
            return await ObjectAsync(kind, key, ct);
        // A remote source has no object that could carry the annotation.
        var metadata = source.LocalSourceRef is null ? null : await MetadataAsync(kind, key, ct);
        if (pin is not null && await artifacts.FindAsync(pin.Digest, pin.Revision, ct) is { } known)
            return FilesOf(kind, key, known, metadata);
        var found = FilesOf(kind, key, await FetchAsync(source, kind, key, template, ct), metadata);
        return pin is null || pin.Digest == found.Digest
            ? found
            : throw new TemplateChartException($"{found.Shown} is at {found.Revision} now, and the template was checked with {pin.Revision}; it is about to be checked again", true);
    }

    public async Task<TimeSpan?> IntervalAsync(SourceSpec source, ObjectKey template, CancellationToken ct)
    {
        // Whoever asks this has been told already what is wrong with such a source.
        if (source is { LocalSourceRef: null, RemoteSourceSpec: null })
            return null;
        var (kind, key) = PlaceOf(source, template);
        var stated = source switch
        {
            { LocalSourceRef: not null } => kind switch
            {
                "GitRepository" => (await client.Resource(FleetKinds.GitRepositories).GetAsync(key, ct))?.Spec.Interval,
                "Bucket" => (await client.Resource(FleetKinds.Buckets).GetAsync(key, ct))?.Spec.Interval,
                "OCIRepository" => (await client.Resource(FleetKinds.OciRepositories).GetAsync(key, ct))?.Spec.Interval,
                _ => null,
            },
            { RemoteSourceSpec: { } remote } => remote.Git?.Interval ?? remote.Bucket?.Interval ?? remote.Oci?.Interval,
            _ => null,
        };
        return GoDuration.TryParse(stated, out var interval) && interval > TimeSpan.Zero ? interval : null;
    }

    private static (string Kind, ObjectKey Key) PlaceOf(SourceSpec source, ObjectKey template) => source switch
    {
        // ConfigMaps and Secrets are read where the template is, as upstream does.
        { LocalSourceRef: { Kind: "ConfigMap" or "Secret" } own } => (own.Kind, new(template.Namespace, own.Name)),
        { LocalSourceRef: { } local } => (local.Kind, new(local.Namespace is { Length: > 0 } stated ? stated : template.Namespace, local.Name)),
        // Upstream makes an object of this name.
        { RemoteSourceSpec: { } remote } => (remote.Git is not null ? "GitRepository" : remote.Bucket is not null ? "Bucket" : "OCIRepository", template),
        _ => throw new TemplateChartException("One of LocalSource or RemoteSource must be specified.", false),
    };

    private async Task<Artifact> FetchAsync(SourceSpec source, string kind, ObjectKey key, ObjectKey template, CancellationToken ct)
    {
        try
        {
            return source.RemoteSourceSpec is { } remote
                ? await objects.FetchAsync(remote, template.Namespace, ct)
                : await objects.FetchAsync(kind, key, ct);
        }
        catch (SourceException e)
        {
            throw new TemplateChartException($"{kind} {key}: {e.Message}", e.IsTransient || e.Kind is SourceErrorKind.NotFound or SourceErrorKind.AuthenticationFailed);
        }
    }

    private static SourceFiles FilesOf(string kind, ObjectKey key, Artifact artifact, ObjectMeta? metadata) => new()
    {
        Kind = kind, Key = key, Files = new FolderTree(artifact.Folder), Revision = artifact.Revision, Digest = artifact.Digest,
        Generation = metadata?.Generation, IsTemplate = metadata?.Annotations?.ContainsKey(FleetAnnotations.SveltosTemplate) == true,
    };

    private async Task<ObjectMeta?> MetadataAsync(string kind, ObjectKey key, CancellationToken ct) => kind switch
    {
        "GitRepository" => (await client.Resource(FleetKinds.GitRepositories).GetAsync(key, ct))?.Metadata,
        "Bucket" => (await client.Resource(FleetKinds.Buckets).GetAsync(key, ct))?.Metadata,
        "OCIRepository" => (await client.Resource(FleetKinds.OciRepositories).GetAsync(key, ct))?.Metadata,
        _ => null,
    };

    private async Task<SourceFiles> ObjectAsync(string kind, ObjectKey key, CancellationToken ct)
    {
        var isSecret = kind == "Secret";
        var shown = $"{kind} {key}";
        var found = await client.Dynamic(isSecret ? CoreKinds.Secrets : CoreKinds.ConfigMaps).GetAsync(key, ct) ?? throw new TemplateChartException($"{shown} does not exist", true);
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var (name, value) in found.At("data") as JsonObject ?? [])
            files[name] = isSecret ? Convert.FromBase64String((string?)value ?? "") : Encoding.UTF8.GetBytes((string?)value ?? "");
        foreach (var (name, value) in found.At("binaryData") as JsonObject ?? [])
            files[name] = Convert.FromBase64String((string?)value ?? "");
        // Nothing at all is more likely not filled yet than meant: it would remove what is installed.
        if (files.Count == 0)
            throw new TemplateChartException($"{shown} has no keys, for instance objects.yaml", true);
        var digest = DigestOf(files);
        var content = files.TryGetValue(Archive, out var archive) ? await UnpackAsync(archive, $"{shown}, key {Archive}", ct) : files;
        return new()
        {
            Kind = kind, Key = key, Files = new MemoryTree(content), Revision = $"sha256:{digest}", Digest = digest,
            IsTemplate = found.Metadata.Annotations?.ContainsKey(FleetAnnotations.SveltosTemplate) == true, IsSecret = isSecret,
        };
    }

    private static async Task<IReadOnlyDictionary<string, byte[]>> UnpackAsync(byte[] archive, string shown, CancellationToken ct)
    {
        try
        {
            return await ArchiveFiles.ReadAsync(archive, ArchiveLimits, shown, ct);
        }
        catch (SourceException e)
        {
            throw new TemplateChartException(e.Message, false);
        }
    }

    private static string DigestOf(SortedDictionary<string, byte[]> files)
    {
        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, content) in files)
            whole.AppendData(Encoding.UTF8.GetBytes($"{Convert.ToHexStringLower(SHA256.HashData(content))}  {name}\n"));
        return Convert.ToHexStringLower(whole.GetHashAndReset());
    }
}

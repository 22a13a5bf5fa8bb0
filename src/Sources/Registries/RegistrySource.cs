using Fleet.Helm.Repositories;
using Fleet.Helm.Signatures;

namespace Fleet.Sources.Registries;

/// <summary>A layer of an artifact in an OCI registry. <see cref="Repository"/>'s URL begins with <c>oci://</c> and has neither tag nor digest.</summary>
public sealed record RegistrySource(RepositorySource Repository)
{
    /// <summary>The first of digest, semver and tag that is set counts; none: tag latest.</summary>
    public string? Digest { get; init; }

    public string? SemVer { get; init; }

    /// <summary>A regular expression that tags must match beside <see cref="SemVer"/>.</summary>
    public string? SemVerFilter { get; init; }

    public string? Tag { get; init; }

    /// <summary>The first layer of this type; null: the first layer.</summary>
    public string? LayerMediaType { get; init; }

    /// <summary>Keep the layer as the one file of the artifact (<see cref="RegistryFetcher.CopiedName"/>) instead of unpacking it.</summary>
    public bool CopyLayer { get; init; }

    /// <summary>One of these keys must have signed the artifact with cosign.</summary>
    public CosignKeys? Keys { get; init; }

    public string? Ignore { get; init; }
}

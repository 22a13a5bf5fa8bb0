using Fleet.Helm.Errors;

namespace Fleet.Helm.Kustomizations;

/// <summary>Kustomizations, built by kubectl without network, plugins and charts.</summary>
public interface IKustomize
{
    /// <summary>
    /// The objects as YAML documents. Throws <see cref="HelmException"/>: BinaryMissing without a kubectl, RenderFailed with kustomize's own words
    /// when it does not build.
    /// </summary>
    Task<string> BuildAsync(KustomizeRequest request, CancellationToken ct);
}

/// <summary>What to build. The caller has made sure that it refers to nothing outside: kustomize itself would fetch what looks like a URL.</summary>
public sealed record KustomizeRequest
{
    /// <summary>A folder of plain files. Null: <see cref="Files"/>.</summary>
    public string? Folder { get; init; }

    /// <summary>Files that must not reach a disk, by path.</summary>
    public IReadOnlyDictionary<string, byte[]> Files { get; init; } = new Dictionary<string, byte[]>();

    /// <summary>The folder with the kustomization, below the root; empty for the root.</summary>
    public required string Path { get; init; }

    /// <summary>What no message may show.</summary>
    public IReadOnlyCollection<string> Secrets { get; init; } = [];
}

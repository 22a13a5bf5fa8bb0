using Fleet.Contracts.Sources;
using Fleet.Contracts.Templates;
using Fleet.Kubernetes.Objects;

namespace Fleet.Control.Templates;

/// <summary>Where a template's chart is, with every reference followed: what to fetch, and what to know the result by.</summary>
internal sealed record ChartLocation
{
    /// <summary>HelmRepository, GitRepository, Bucket or OCIRepository.</summary>
    public required string Kind { get; init; }

    public required ObjectKey Key { get; init; }

    /// <summary>The object, where it had to be read to be found.</summary>
    public HelmRepository? Repository { get; init; }

    /// <summary>Where the source stands in the template itself; <see cref="Key"/> then has the template's namespace and no name.</summary>
    public RemoteSourceSpec? Remote { get; init; }

    /// <summary>Name or folder of the chart; null when the source as a whole is the chart.</summary>
    public string? Chart { get; init; }

    /// <summary>Version or range that the spec states; empty for any.</summary>
    public string Version { get; init; } = "";

    /// <summary>A new commit is a new version, whatever the chart says about itself.</summary>
    public bool ByRevision { get; init; }

    public SignatureVerification? Verify { get; init; }

    public string Shown => Remote is null ? $"{Kind} {Key}" : "spec.helm.chartSource.remoteSourceSpec";
}

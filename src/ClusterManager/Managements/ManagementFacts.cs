using Fleet.Contracts;

namespace Fleet.ClusterManager.Managements;

/// <summary>What decides whether the components of a Management may be worked on.</summary>
internal sealed record ManagementFacts
{
    public required Management Object { get; init; }

    /// <summary>The one that the spec names; null when it is not there.</summary>
    public Release? Release { get; init; }

    /// <summary>What of the wanted ProviderTemplates does not go together, or not with clusters that are there.</summary>
    public IReadOnlyList<string> Incompatible { get; init; } = [];

    /// <summary>That the upgrade has to wait for; empty when it is no upgrade.</summary>
    public IReadOnlyList<UpgradeBackup> Backups { get; init; } = [];

    /// <summary>A release is installed, and it is another one than wanted.</summary>
    public bool IsUpgrade => Object.Status?.Release is { Length: > 0 } installed && installed != Object.Spec.Release;

    /// <summary>A person has said that the upgrade to just this release needs no backup.</summary>
    public bool SkipsBackup => Object.Metadata.Annotations?.GetValueOrDefault(FleetAnnotations.SkipUpgradeBackup) == Object.Spec.Release;
}

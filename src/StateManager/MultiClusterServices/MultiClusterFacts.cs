using Fleet.Contracts.Templates;
using Fleet.Control.Templates;

namespace Fleet.StateManager.MultiClusterServices;

/// <summary>All that decides which ServiceSets a MultiClusterService has, and what is in them.</summary>
internal sealed record MultiClusterFacts
{
    public required MultiClusterRow Self { get; init; }

    /// <summary>Clusters that the selector finds and that stay, by key.</summary>
    public required IReadOnlyList<TargetFacts> Targets { get; init; }

    /// <summary>Its ServiceSets on clusters that the selector does not find, or that are gone.</summary>
    public required IReadOnlyList<StrayFacts> Strays { get; init; }

    /// <summary>What is wrong with spec.dependsOn itself.</summary>
    public IReadOnlyList<string> DependencyProblems { get; init; } = [];

    public bool IsDeleting => Self.Metadata.IsBeingDeleted;
}

internal sealed record TargetFacts
{
    public required SelectableCluster Cluster { get; init; }

    public ServiceSet? Set { get; init; }

    /// <summary>Names of what this depends on and that is not deployed here yet.</summary>
    public IReadOnlyList<string> BlockedBy { get; init; } = [];

    /// <summary>As this cluster's namespace sees them: its own before the system's.</summary>
    public required IReadOnlyDictionary<string, TemplateFacts> Templates { get; init; }

    public required IReadOnlyDictionary<string, UpgradeGraph> Chains { get; init; }
}

/// <param name="ClusterExists">It is there and the selector does not find it.</param>
/// <param name="ClusterIsGoing">Whoever deletes a cluster takes care of its ServiceSets.</param>
internal sealed record StrayFacts(ServiceSet Set, bool ClusterExists, bool ClusterIsGoing);

/// <param name="IsValid">Null before anybody has looked.</param>
internal sealed record TemplateFacts(ServiceTemplateSpec Spec, bool? IsValid, string? Problem);

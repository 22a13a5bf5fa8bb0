using Fleet.Helm.Versions;

namespace Fleet.ClusterManager.Upgrades;

/// <summary>Versions of Kubernetes that machines of a cluster have now. Null: not known (managed, or not started), then no rule applies.</summary>
internal sealed record ClusterVersions
{
    /// <summary>Of the oldest API server.</summary>
    public SemanticVersion? ControlPlane { get; init; }

    /// <summary>Of the newest API server: what a control plane cannot go back behind.</summary>
    public SemanticVersion? NewestControlPlane { get; init; }

    /// <summary>Of the oldest kubelet of each worker pool, by the pool's name.</summary>
    public IReadOnlyDictionary<string, SemanticVersion> Workers { get; init; } = new Dictionary<string, SemanticVersion>();

    public static ClusterVersions Unknown { get; } = new();
}

using Fleet.Observability.Objects;

namespace Fleet.Observability.Clusters;

/// <summary>The objects of a cluster at one moment.</summary>
internal sealed record ClusterSnapshot
{
    public IReadOnlyList<NodeRow> Nodes { get; init; } = [];
    public IReadOnlyList<PodRow> Pods { get; init; } = [];
    public IReadOnlyList<VolumeRow> Volumes { get; init; } = [];
    public IReadOnlyList<ClaimRow> Claims { get; init; } = [];
    public IReadOnlyList<ServiceRow> Services { get; init; } = [];
    public IReadOnlyList<NamespaceRow> Namespaces { get; init; } = [];

    /// <summary>Why something may be missing here.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];
}

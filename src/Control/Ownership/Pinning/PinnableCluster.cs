using Fleet.Kubernetes.Objects;

namespace Fleet.Control.Ownership.Pinning;

/// <summary>What rules ask of a cluster.</summary>
internal sealed record PinnableCluster(ObjectKey Key, IReadOnlyDictionary<string, string> Labels, string? Region)
{
    public static PinnableCluster Of(ClusterDeployment cluster) =>
        new(cluster.Metadata.Key, cluster.Metadata.Labels ?? [], cluster.Status?.Region is { Length: > 0 } region ? region : null);

    public bool Equals(PinnableCluster? other) =>
        other is not null && (Key, Region) == (other.Key, other.Region)
        && Labels.Count == other.Labels.Count && Labels.All(label => other.Labels.TryGetValue(label.Key, out var value) && value == label.Value);

    public override int GetHashCode() => HashCode.Combine(Key, Region);
}

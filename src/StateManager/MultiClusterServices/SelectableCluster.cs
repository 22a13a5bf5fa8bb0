using Fleet.Control.Clusters;
using Fleet.Kubernetes.Objects;

namespace Fleet.StateManager.MultiClusterServices;

/// <summary>What a selector sees of a ClusterDeployment. Equal rows report no change.</summary>
internal sealed record SelectableCluster(ObjectKey Key, string Uid, IReadOnlyDictionary<string, string> Labels, bool IsGoing, bool IsRegional)
{
    public bool Equals(SelectableCluster? other) =>
        other is not null && (Key, Uid, IsGoing, IsRegional) == (other.Key, other.Uid, other.IsGoing, other.IsRegional)
        && Labels.Count == other.Labels.Count && Labels.All(label => other.Labels.TryGetValue(label.Key, out var value) && value == label.Value);

    public override int GetHashCode() => HashCode.Combine(Key, Uid);

    /// <summary>The one that no selector finds.</summary>
    public bool IsManagement => ManagementCluster.Is(Key);

    /// <summary>What names of its ServiceSets begin with.</summary>
    public string Prefix => IsManagement ? ManagementCluster.Prefix : Key.Name;

    public static SelectableCluster Management(string @namespace) => new(ManagementCluster.In(@namespace), "", new Dictionary<string, string>(), false, false);

    public static SelectableCluster Of(ClusterDeployment cluster) => new(
        cluster.Metadata.Key, cluster.Metadata.Uid ?? "", cluster.Metadata.Labels ?? [], cluster.Metadata.IsBeingDeleted, cluster.Status?.Region is { Length: > 0 });
}

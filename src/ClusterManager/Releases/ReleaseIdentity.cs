using Fleet.Contracts;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Releases;

/// <summary>By what a release knows the ClusterDeployment that it was made for: its uid, after a restore the one it was first made with.</summary>
internal static class ReleaseIdentity
{
    public static string Of(ObjectMeta cluster) => cluster.Annotations?.GetValueOrDefault(FleetAnnotations.RestoredUid) is { Length: > 0 } first ? first : cluster.Uid ?? "";
}

using Fleet.Contracts;

namespace Fleet.ClusterManager.Deletion;

/// <summary>How a ClusterDeployment is deleted.</summary>
internal enum DeletionPolicy
{
    /// <summary>Everything goes, in order; what cannot go is waited for.</summary>
    Delete,
    /// <summary>Fleet forgets the cluster, and leaves all of it as it is.</summary>
    Orphan,
    /// <summary>Everything goes; what does not go soon is left behind and named.</summary>
    Force,
}

/// <summary>Reads the annotation. Pure.</summary>
internal static class DeletionPolicies
{
    /// <summary>A word that is none of ours counts as Delete: it must not leave behind or tear down more than was asked for.</summary>
    public static DeletionPolicy Of(ClusterDeployment cluster) =>
        Enum.TryParse<DeletionPolicy>(cluster.Metadata.Annotations?.GetValueOrDefault(FleetAnnotations.DeletionPolicy), ignoreCase: true, out var policy)
        && Enum.IsDefined(policy)
            ? policy
            : DeletionPolicy.Delete;
}

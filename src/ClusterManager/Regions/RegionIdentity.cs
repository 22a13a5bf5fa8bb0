namespace Fleet.ClusterManager.Regions;

/// <summary>Which cluster a kubeconfig leads to: the uid of its namespace kube-system, or why that is not known.</summary>
internal sealed record RegionIdentity(string? Uid, string? Problem, bool Refused = false)
{
    /// <summary>What is behind the kubeconfig, held against what clusters were made in. Pure.</summary>
    /// <param name="uid">Of the cluster that answers.</param>
    /// <param name="known">As the status of the Region says; null before the first contact.</param>
    /// <param name="accepted">The annotation by which somebody wants another cluster.</param>
    /// <param name="isUsed">Whether clusters are in the region.</param>
    /// <returns>The uid to note; null while another cluster is behind the kubeconfig than before and nobody has said that this is meant.</returns>
    public static string? Next(string uid, string? known, string? accepted, bool isUsed) =>
        known is null || known == uid || accepted == uid || !isUsed ? uid : null;
}

using Fleet.Contracts.Ipam;

namespace Fleet.ClusterManager.References;

/// <summary>What to do about the references of a ClusterDeployment.</summary>
internal sealed record ReferencePlan
{
    public static ReferencePlan None { get; } = new();

    /// <summary>Before anything: the claim to make, or to change.</summary>
    public ClusterIpamClaimSpec? Claim { get; init; }

    /// <summary>Before anything: make the ClusterDataSource.</summary>
    public bool MakeDatabase { get; init; }

    /// <summary>Before anything: the ClusterDataSource names another DataSource, or an orphaned one is taken over.</summary>
    public ClusterDataSource? ChangeDatabase { get; init; }

    /// <summary>Right before Helm runs, and when somebody has changed or deleted them.</summary>
    public IReadOnlyList<ClusterDocument> Write { get; init; } = [];

    /// <summary>Not before the release is without them.</summary>
    public IReadOnlyList<PresentDocument> Remove { get; init; } = [];

    /// <inheritdoc cref="Remove"/>
    public ClusterIpamClaim? RemoveClaim { get; init; }
}

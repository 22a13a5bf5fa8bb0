using Fleet.Contracts.Clusters;
using Fleet.Contracts.Conditions;

namespace Fleet.ClusterManager.Deletion;

internal enum DeletionAction
{
    Wait,
    DeleteServiceSets,
    /// <summary>The services stay where they are, and their ServiceSets go.</summary>
    ForgetServiceSets,
    /// <summary>Nobody is there to let them go.</summary>
    ReleaseServiceSets,
    DeleteLeftovers,
    UninstallRelease,
    /// <summary>Helm's records go, what the release made stays to be deleted by the next phase.</summary>
    DropRelease,
    /// <summary>Records and objects stay, and are nobody's.</summary>
    OrphanRelease,
    DeleteCapiCluster,
    /// <summary>What was brought into the region for the cluster.</summary>
    DeleteCopies,
    ReleaseInfrastructure,
    /// <summary>Finalizers of Cluster API and the provider are removed: what they hold in the cloud stays there.</summary>
    AbandonInfrastructure,
    DeleteDataSource,
    /// <summary>The database stays on its server, and nobody knows of it any more.</summary>
    AbandonDataSource,
    RemoveFinalizer,
}

/// <summary>What to do next, and what the deletion waits for.</summary>
/// <param name="Message">For users.</param>
internal sealed record DeletionStep(DeletionPhase Phase, DeletionAction Action, Reason Reason, string Message)
{
    public IReadOnlyList<DeletionBlocker> Blockers { get; init; } = [];

    /// <summary>Phases given up in this round, with what is left behind for a warning.</summary>
    public IReadOnlyList<AbandonedPhase> Abandoned { get; init; } = [];

    /// <summary>The phase takes longer than it may, and nothing else can be done than to go on trying.</summary>
    public bool IsOverdue { get; init; }
}

internal sealed record AbandonedPhase(DeletionPhase Phase, string Message);

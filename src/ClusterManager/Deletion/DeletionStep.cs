using Fleet.Contracts.Conditions;

namespace Fleet.ClusterManager.Deletion;

internal enum DeletionAction
{
    DeleteServiceSets,
    WaitForServiceSets,
    UninstallRelease,
    DeleteCapiCluster,
    ReleaseInfrastructure,
    WaitForCapiCluster,
    RemoveFinalizer,
}

/// <summary>What to do next, and what the deletion waits for in words for users.</summary>
internal sealed record DeletionStep(DeletionAction Action, Reason Reason, string Message);

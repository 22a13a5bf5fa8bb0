using Fleet.Helm.Releases;

namespace Fleet.StateManager.Inventory;

/// <summary>The objects of one revision of a release, hooks aside: those come and go with each run of Helm.</summary>
internal sealed record ReleaseInventory(ReleaseName Release, int Revision, IReadOnlyList<InventoryObject> Objects)
{
    /// <summary>Helm 4 applies on the server's side, Helm 3 by patches: whoever repairs an object of the release has to do it in the same way, or the next upgrade meets a conflict.</summary>
    public bool IsServerSideApplied { get; init; }

    /// <summary>Why the objects are not known, or not all of them; null when they are.</summary>
    public string? Problem { get; init; }

    /// <summary>A timestamp of the clock: what could not be read is not tried at every turn.</summary>
    public long ReadAt { get; init; }
}

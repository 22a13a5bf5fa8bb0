using System.Text.Json.Nodes;

namespace Fleet.StateManager.Inventory;

/// <summary>What Fleet itself lays for a release before Helm runs; Helm's record does not have it.</summary>
/// <param name="Stated">As the source of the service states them. The same objects as before mean that nothing has changed.</param>
internal sealed record ReleaseFoundations(IReadOnlyList<JsonObject> Stated, IReadOnlyList<InventoryObject> Objects)
{
    public bool Are(IReadOnlyList<JsonObject> stated) => Stated.Count == stated.Count && Stated.Zip(stated).All(pair => ReferenceEquals(pair.First, pair.Second));
}

namespace Fleet.StateManager.Inventory;

/// <summary>An object that a release declares, and what the watch shows of it.</summary>
/// <param name="IsKnown">The watch of its kind has read its first list. Until then a missing <paramref name="Live"/> says nothing.</param>
/// <param name="Live">Null when the cluster has no such object, or none that carries Helm's label.</param>
internal sealed record WatchedObject(InventoryObject Object, bool IsKnown, LiveObject? Live);

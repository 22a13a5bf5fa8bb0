using Fleet.Kubernetes.Objects;

namespace Fleet.StateManager.Inventory;

/// <summary>An object that a release declares, as Helm applies it: the manifest with Helm's own label and annotations.</summary>
/// <param name="Type">As the manifest says it.</param>
/// <param name="Kind">How it is reached; null while the cluster does not know the kind.</param>
/// <param name="Key">Where it is; the namespace is that of the release where the manifest names none.</param>
internal sealed record InventoryObject(GroupVersionKind Type, ResourceKind? Kind, ObjectKey Key, PackedJson Declared)
{
    /// <summary>Laid by Fleet before Helm runs, and without Helm's label: a definition of a kind, or the release's own namespace.</summary>
    public bool IsFoundation { get; init; }

    public override string ToString() => $"{Type.Kind} {Key}";
}

using Fleet.Kubernetes.Objects;

namespace Fleet.Kubernetes.Watching;

public enum InformerEventType { Added, Updated, Deleted }

/// <summary>
/// One change of an informer's store. <see cref="Item"/> is the new projection, for a deletion the last known one; <see cref="Previous"/> is set for updates.
/// An object that was deleted and made anew under its name is reported as a deletion and an addition, even when nobody saw it happen.
/// </summary>
public readonly record struct InformerEvent<TItem>(InformerEventType Type, ObjectKey Key, TItem Item, TItem? Previous);

using Fleet.Kubernetes.Objects;

namespace Fleet.Control.Watching;

/// <summary>
/// One change of a mirror: <see cref="Before"/> is null for a new object, <see cref="After"/> for one that is gone (also when its deletion was missed and
/// found out by a new list). <see cref="IsInitial"/> marks what the first list has found.
/// </summary>
public readonly record struct MirrorChange<TItem>(ObjectKey Key, TItem? Before, TItem? After, bool IsInitial)
    where TItem : class;

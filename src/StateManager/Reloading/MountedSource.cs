using Fleet.Kubernetes.Objects;

namespace Fleet.StateManager.Reloading;

/// <summary>A ConfigMap or a Secret that pods take something from.</summary>
/// <param name="Kind">Of the two.</param>
internal readonly record struct MountedSource(string Kind, ObjectKey Key)
{
    public override string ToString() => $"{Kind} {Key}";
}

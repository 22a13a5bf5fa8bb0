using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Storage;

/// <summary>One committed change. <see cref="Object"/> of a deletion is the last state with the revision of the deletion.</summary>
internal sealed record StoreEvent(WatchEventType Type, StoredObject Object, StoredObject? Previous, long Milliseconds)
{
    public long Revision => Object.Revision;
}

using Fleet.ControlPlane.Machinery;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Simulation.Scheduling;

/// <summary>What a reconciler works on: one cluster's API and the clock. Subclasses add what has to be remembered for a cluster.</summary>
internal class ClusterScope(IClusterApi api, TimeProvider clock)
{
    private Dictionary<ObjectReference, ObjectReference>? owners;

    public IClusterApi Api { get; } = api;

    public TimeProvider Clock { get; } = clock;

    public DateTimeOffset Now => Clock.GetUtcNow();

    /// <summary>Who controls an object that may be gone by now; a change tells only the key.</summary>
    public ObjectReference? OwnerOf(ObjectReference child)
    {
        if (owners is null)
            return null;
        lock (owners)
            return owners.TryGetValue(child, out var owner) ? owner : null;
    }

    public void RememberOwner(ObjectReference child, ObjectReference owner)
    {
        owners ??= [];
        lock (owners)
            owners[child] = owner;
    }

    public void ForgetOwner(ObjectReference child)
    {
        if (owners is null)
            return;
        lock (owners)
            owners.Remove(child);
    }
}

/// <summary>An object by kind (whatever version) and key.</summary>
internal readonly record struct ObjectReference(string Kind, ObjectKey Key);

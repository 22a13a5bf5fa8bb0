using Fleet.Control.Grains;
using Fleet.Control.Queueing;
using Fleet.Kubernetes.Objects;

namespace Fleet.Control.Reconciling;

/// <summary>Lets through what is ours. The rest is asked for again when it becomes ours.</summary>
internal sealed class OwnedQueue(IWorkQueue queue, Func<ObjectKey, bool> isOurs) : IWorkQueue
{
    public void Add(ObjectKey key, WorkPriority priority = WorkPriority.Normal, TimeSpan delay = default)
    {
        if (isOurs(key))
            queue.Add(key, priority, delay);
    }
}

/// <summary>Collects the grains of the keys that it is given.</summary>
internal sealed class GrainSet(Func<ObjectKey, GrainId> grainOf) : IWorkQueue
{
    private readonly HashSet<GrainId> grains = [];

    public IReadOnlySet<GrainId> Grains => grains;

    public void Add(ObjectKey key, WorkPriority priority = WorkPriority.Normal, TimeSpan delay = default) => grains.Add(grainOf(key));
}

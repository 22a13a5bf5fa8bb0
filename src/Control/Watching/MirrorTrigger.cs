using Fleet.Control.Queueing;
using Fleet.Kubernetes.Objects;

namespace Fleet.Control.Watching;

/// <summary>Changes of one kind, turned into keys to reconcile: of the kind itself, of owners, or of whatever refers to it.</summary>
public sealed class MirrorTrigger<T, TItem>(Mirror<T, TItem> mirror, Func<MirrorChange<TItem>, IEnumerable<ObjectKey>> keysFor) : ITrigger
    where T : class, IKubernetesObject
    where TItem : class
{
    public async Task StartAsync(IWorkQueue queue, CancellationToken ct)
    {
        mirror.Subscribe(change =>
        {
            foreach (var key in keysFor(change))
                queue.Add(key, change.IsInitial ? WorkPriority.Background : WorkPriority.Normal);
        });
        mirror.Start(ct);
        await mirror.WhenListed.WaitAsync(ct);
    }
}

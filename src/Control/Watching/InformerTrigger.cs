using Fleet.Control.Queueing;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Watching;

namespace Fleet.Control.Watching;

/// <summary>Changes of one kind, turned into keys to reconcile: of the kind itself, of owners, or of whatever refers to it.</summary>
/// <param name="informer">Started by the trigger when nobody has yet; several triggers may share it. Whoever made it disposes it.</param>
/// <param name="keysFor">Which keys a change asks for; see <see cref="Changes"/>.</param>
public sealed class InformerTrigger<T, TItem>(Informer<T, TItem> informer, Func<InformerEvent<TItem>, IEnumerable<ObjectKey>> keysFor) : ITrigger
    where T : class, IKubernetesObject
{
    public async Task StartAsync(IWorkQueue queue, CancellationToken ct)
    {
        var isInitial = true;
        var subscription = informer.Subscribe(change =>
        {
            // What the first list finds may wait for what changes meanwhile.
            var priority = Volatile.Read(ref isInitial) ? WorkPriority.Background : WorkPriority.Normal;
            foreach (var key in keysFor(change))
                queue.Add(key, priority);
        });
        ct.Register(subscription.Dispose);
        informer.Start();
        await informer.WaitForSyncAsync(ct);
        Volatile.Write(ref isInitial, false);
    }

    public void Replay(IWorkQueue queue)
    {
        // Before the first list there is nothing to repeat: the list itself reports all of it.
        if (!informer.State.HasSynced)
            return;
        foreach (var key in informer.Keys)
            if (informer.TryGet(key, out var item))
                foreach (var asked in keysFor(new(InformerEventType.Added, key, item, default)))
                    queue.Add(asked, WorkPriority.Background);
    }
}

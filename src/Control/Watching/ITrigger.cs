using Fleet.Control.Queueing;

namespace Fleet.Control.Watching;

/// <summary>Turns changes into keys to reconcile. Started before the loop; the loop waits until every trigger has seen the present state.</summary>
public interface ITrigger
{
    /// <summary>Completes when everything that exists now has been enqueued.</summary>
    Task StartAsync(IWorkQueue queue, CancellationToken ct);

    /// <summary>
    /// Enqueues everything that exists now once more, after grains have become ours. Nothing for a trigger whose keys all exist as objects that another trigger of the
    /// controller watches.
    /// </summary>
    void Replay(IWorkQueue queue)
    {
    }
}

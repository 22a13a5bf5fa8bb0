namespace Fleet.ControlPlane.Simulation.Scheduling;

/// <summary>
/// The queue of one cluster (or of one kind in the management cluster). Its items run one after the other; the lanes take
/// turns, so that a busy cluster never delays a quiet one. An idle lane holds no queue, no timer and no task.
/// All state is guarded by the scheduler's lock.
/// </summary>
internal sealed class Lane(ClusterScope scope)
{
    private Queue<WorkItem>? queue;
    private HashSet<WorkItem>? queued;
    private Dictionary<WorkItem, long>? due;
    private Dictionary<WorkItem, int>? failures;

    public ClusterScope Scope { get; } = scope;

    /// <summary>In the scheduler's round, or being worked on.</summary>
    public bool Scheduled { get; set; }

    /// <summary>Nothing is taken on any more; what is queued is dropped.</summary>
    public bool Closed { get; private set; }

    public int Count => queue?.Count ?? 0;

    /// <summary>False when the item waits already.</summary>
    public bool Add(WorkItem item)
    {
        if (Closed || !(queued ??= []).Add(item))
            return false;
        (queue ??= new()).Enqueue(item);
        return true;
    }

    public bool TryTake(out WorkItem item)
    {
        if (queue is null || !queue.TryDequeue(out item))
        {
            (queue, queued) = (null, null);
            item = default;
            return false;
        }
        queued!.Remove(item);
        return true;
    }

    /// <summary>Of several wishes to look at an item later only the earliest counts. False when an earlier one is noted.</summary>
    public bool NoteDue(WorkItem item, long ticks)
    {
        due ??= [];
        if (Closed || (due.TryGetValue(item, out var noted) && noted <= ticks))
            return false;
        due[item] = ticks;
        return true;
    }

    /// <summary>True when this is the wish that counts.</summary>
    public bool TakeDue(WorkItem item, long ticks)
    {
        if (due is null || !due.TryGetValue(item, out var noted) || noted != ticks)
            return false;
        due.Remove(item);
        if (due.Count == 0)
            due = null;
        return true;
    }

    /// <summary>How often the item has failed in a row, this time included.</summary>
    public int NoteFailure(WorkItem item)
    {
        failures ??= [];
        var count = failures.GetValueOrDefault(item) + 1;
        failures[item] = count;
        return count;
    }

    public void NoteSuccess(WorkItem item)
    {
        if (failures is null || !failures.Remove(item) || failures.Count > 0)
            return;
        failures = null;
    }

    public void Close()
    {
        Closed = true;
        (queue, queued, due, failures) = (null, null, null, null);
    }
}

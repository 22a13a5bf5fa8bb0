using Fleet.Control.Grains;
using Fleet.Kubernetes.Objects;

namespace Fleet.Control.Queueing;

/// <summary>
/// The queue of one controller. Beyond <see cref="IWorkQueue"/>: keys of one group (a cluster) never run more than <c>maxPerGroup</c> at once and take
/// turns with the other groups; failures are counted per key for the back-off. Nothing polls: one timer waits for the earliest delayed key.
/// </summary>
internal sealed class WorkQueue : IWorkQueue, IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<ObjectKey, WorkEntry> entries = [];
    private readonly PriorityQueue<(WorkEntry Entry, long Ticket), long> delayed = new();
    private readonly Queue<TaskCompletionSource<WorkItem>> takers = new();
    private readonly ReadyLanes ready;
    private readonly Func<ObjectKey, GrainId> groupOf;
    private readonly TimeProvider clock;
    private readonly Backoff backoff;
    private readonly IJitterSource jitter;
    private readonly ITimer timer;
    private readonly long startedAt;
    private DateTimeOffset timerDue = DateTimeOffset.MaxValue;
    private long lastTicket;
    private int waiting;

    public WorkQueue(Func<ObjectKey, GrainId> groupOf, Backoff backoff, IJitterSource jitter, TimeProvider clock, int maxPerGroup = 1)
    {
        this.groupOf = groupOf;
        this.backoff = backoff;
        this.jitter = jitter;
        this.clock = clock;
        startedAt = clock.GetTimestamp();
        ready = new ReadyLanes(maxPerGroup);
        timer = clock.CreateTimer(_ => OnTimer(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Keys that could run now but have no worker or no turn yet.</summary>
    public int Depth => Volatile.Read(ref waiting);

    /// <summary>Additions that were accepted or merged, since the start.</summary>
    public long Adds { get; private set; }

    public void Add(ObjectKey key, WorkPriority priority = WorkPriority.Normal, TimeSpan delay = default)
    {
        lock (gate)
        {
            Adds++;
            var at = Now() + delay;
            if (!entries.TryGetValue(key, out var entry))
                entries[key] = entry = new WorkEntry(key, groupOf(key));
            AddLocked(entry, at, priority);
            Pump();
        }
    }

    /// <summary>Waits for a key. The caller must complete it.</summary>
    public async ValueTask<WorkItem> TakeAsync(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var taker = new TaskCompletionSource<WorkItem>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            takers.Enqueue(taker);
            Pump();
        }
        if (taker.Task.IsCompletedSuccessfully)
            return await taker.Task;
        // Under the lock, so that a key is never given to a taker that has just left.
        using var _ = ct.Register(() =>
        {
            lock (gate)
                taker.TrySetCanceled(ct);
        });
        return await taker.Task;
    }

    /// <summary>It went well: failures are forgotten. With a delay the key comes again after it.</summary>
    public void Complete(ObjectKey key, TimeSpan? again = null)
    {
        lock (gate)
        {
            entries[key].Failures = 0;
            Finish(key, again);
        }
    }

    /// <summary>It failed: the key comes again after the back-off, which is returned.</summary>
    public TimeSpan CompleteFailed(ObjectKey key)
    {
        lock (gate)
        {
            var delay = backoff.After(++entries[key].Failures, jitter);
            Finish(key, delay);
            return delay;
        }
    }

    public void Dispose() => timer.Dispose();

    private void Finish(ObjectKey key, TimeSpan? again)
    {
        var entry = entries[key];
        if (entry.State != WorkState.Processing)
            throw new InvalidOperationException($"{key} is not being processed");
        entry.State = WorkState.Idle;
        ready.Release(entry.Group);
        if (again is { } delay)
            AddLocked(entry, Now() + delay, WorkPriority.Normal);
        if (entry.Again is { } asked)
        {
            entry.Again = null;
            AddLocked(entry, asked.At, asked.Priority);
        }
        if (entry.State == WorkState.Idle)
            entries.Remove(key);
        Pump();
    }

    private void AddLocked(WorkEntry entry, DateTimeOffset at, WorkPriority priority)
    {
        switch (entry.State)
        {
            case WorkState.Processing:
                entry.Again = entry.Again is { } known ? (Earlier(known.At, at), Higher(known.Priority, priority)) : (at, priority);
                break;
            case WorkState.Ready when entry.Priority >= priority:
                break;
            case WorkState.Ready:
                entry.Priority = priority;
                entry.Ticket = ++lastTicket;
                ready.Add(entry);
                break;
            case WorkState.Delayed:
                Place(entry, Earlier(entry.At, at), Higher(entry.Priority, priority));
                break;
            default:
                Place(entry, at, priority);
                break;
        }
    }

    private void Place(WorkEntry entry, DateTimeOffset at, WorkPriority priority)
    {
        entry.Ticket = ++lastTicket;
        entry.Priority = priority;
        entry.At = at;
        if (at <= Now())
        {
            entry.State = WorkState.Ready;
            waiting++;
            ready.Add(entry);
            return;
        }
        entry.State = WorkState.Delayed;
        delayed.Enqueue((entry, entry.Ticket), at.UtcTicks);
        SetTimer();
    }

    private void OnTimer()
    {
        lock (gate)
        {
            timerDue = DateTimeOffset.MaxValue;
            var now = Now();
            while (delayed.TryPeek(out var next, out var due) && (IsStale(next) || due <= now.UtcTicks))
            {
                delayed.Dequeue();
                if (IsStale(next))
                    continue;
                next.Entry.State = WorkState.Ready;
                waiting++;
                ready.Add(next.Entry);
            }
            SetTimer();
            Pump();
        }
    }

    private static bool IsStale((WorkEntry Entry, long Ticket) place) =>
        place.Ticket != place.Entry.Ticket || place.Entry.State != WorkState.Delayed;

    private void SetTimer()
    {
        if (!delayed.TryPeek(out _, out var due) || due >= timerDue.UtcTicks)
            return;
        // A stale first entry only makes the timer fire early, which OnTimer corrects.
        timerDue = new DateTimeOffset(due, TimeSpan.Zero);
        var wait = timerDue - Now();
        // Timers count in whole milliseconds: rounding up, so that it never fires before the key is due and then finds nothing.
        timer.Change(TimeSpan.FromMilliseconds(Math.Clamp(Math.Ceiling(wait.TotalMilliseconds), 0, int.MaxValue)), Timeout.InfiniteTimeSpan);
    }

    /// <summary>Gives ready keys to waiting takers.</summary>
    private void Pump()
    {
        while (takers.TryPeek(out var taker))
        {
            if (taker.Task.IsCompleted)
            {
                takers.Dequeue();
                continue;
            }
            if (ready.Take() is not { } entry)
                return;
            takers.Dequeue();
            waiting--;
            entry.State = WorkState.Processing;
            entry.Ticket = ++lastTicket;
            taker.SetResult(new WorkItem(entry.Key, entry.Group, entry.Priority, entry.Failures, Now() - entry.At));
        }
    }

    /// <summary>Time since the start, counted from the year 1: a wall clock that is set back by a day would let everything that is delayed wait for a day.</summary>
    private DateTimeOffset Now() => DateTimeOffset.MinValue + clock.GetElapsedTime(startedAt);

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    private static WorkPriority Higher(WorkPriority a, WorkPriority b) => a > b ? a : b;
}

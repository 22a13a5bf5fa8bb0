using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Simulation.Scheduling;

/// <summary>
/// Runs the reconciles of all clusters: a bounded number at once, lanes in turn, items of a lane one by one. What waits for a
/// time lies in one heap behind one timer. With nothing to do it uses no thread at all.
/// </summary>
internal sealed class LaneScheduler : IAsyncDisposable
{
    /// <summary>A lane gives its turn away after this many items.</summary>
    private const int Turn = 16;

    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(30);

    private readonly Lock gate = new();
    private readonly Queue<Lane> round = new();
    private readonly PriorityQueue<(Lane Lane, WorkItem Item), long> later = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly TimeProvider clock;
    private readonly ILogger logger;
    private readonly int parallelism;
    private readonly ITimer timer;
    private long armedFor = long.MaxValue;
    private int running;
    private TaskCompletionSource? idle;

    public LaneScheduler(TimeProvider clock, int parallelism, ILogger logger)
    {
        this.clock = clock;
        this.parallelism = parallelism;
        this.logger = logger;
        timer = clock.CreateTimer(_ => OnTimer(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>When the next waiting item is due; null when nothing waits.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            lock (gate)
                return later.TryPeek(out _, out var ticks) ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
        }
    }

    public void Enqueue(Lane lane, WorkItem item)
    {
        lock (gate)
        {
            if (lane.Add(item))
                Schedule(lane);
        }
    }

    public void EnqueueAfter(Lane lane, WorkItem item, TimeSpan delay)
    {
        if (delay <= TimeSpan.Zero)
        {
            Enqueue(lane, item);
            return;
        }
        var ticks = (clock.GetUtcNow() + delay).UtcTicks;
        lock (gate)
        {
            if (!lane.NoteDue(item, ticks))
                return;
            later.Enqueue((lane, item), ticks);
            Arm();
        }
    }

    public void Close(Lane lane)
    {
        lock (gate)
            lane.Close();
    }

    /// <summary>Completes when nothing is queued and nothing runs; what waits for a time does not count.</summary>
    public Task WhenIdle()
    {
        lock (gate)
        {
            if (running == 0 && round.Count == 0)
                return Task.CompletedTask;
            idle ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            return idle.Task;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await timer.DisposeAsync();
        lock (gate)
        {
            round.Clear();
            later.Clear();
        }
        await WhenIdle();
        stopping.Dispose();
    }

    private void Schedule(Lane lane)
    {
        if (lane.Scheduled || stopping.IsCancellationRequested)
            return;
        lane.Scheduled = true;
        round.Enqueue(lane);
        if (running >= parallelism)
            return;
        running++;
        ThreadPool.UnsafeQueueUserWorkItem(static self => _ = self.PumpAsync(), this, preferLocal: false);
    }

    private async Task PumpAsync()
    {
        while (TakeLane() is { } lane)
        {
            for (var i = 0; i < Turn && TakeItem(lane, out var item); i++)
                await RunAsync(lane, item);
            lock (gate)
            {
                lane.Scheduled = lane.Count > 0 && !lane.Closed;
                if (lane.Scheduled)
                    round.Enqueue(lane);
            }
        }
    }

    private Lane? TakeLane()
    {
        lock (gate)
        {
            if (round.TryDequeue(out var lane))
                return lane;
            if (--running == 0)
            {
                idle?.TrySetResult();
                idle = null;
            }
            return null;
        }
    }

    private bool TakeItem(Lane lane, out WorkItem item)
    {
        lock (gate)
            return lane.TryTake(out item) && !stopping.IsCancellationRequested;
    }

    private async ValueTask RunAsync(Lane lane, WorkItem item)
    {
        TimeSpan? again;
        try
        {
            again = await item.Reconciler.ReconcileAsync(lane.Scope, item.Key, stopping.Token);
            lock (gate)
                lane.NoteSuccess(item);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return;
        }
#pragma warning disable CA1031 // A reconcile may fail in any way; it is retried, and it must never stop the pump.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            again = Backoff(lane, item, failure);
        }
        if (again is { } delay)
            EnqueueAfter(lane, item, delay);
    }

    private TimeSpan Backoff(Lane lane, WorkItem item, Exception failure)
    {
        int count;
        lock (gate)
            count = lane.NoteFailure(item);
        // Conflicts and objects that vanished meanwhile are the normal course of level-based work; the next look settles them.
        if (count > 3 || failure is not KubeApiException { Code: 404 or 409 })
            logger.LogWarning(failure, "Simulation: {Reconciler} of {Key} in {Cluster} failed {Count} times",
                item.Reconciler.GetType().Name, item.Key, lane.Scope.Api.Name, count);
        var delay = TimeSpan.FromMilliseconds(50 * Math.Pow(2, Math.Min(count, 10)));
        return delay < LongestBackoff ? delay : LongestBackoff;
    }

    private void Arm()
    {
        if (!later.TryPeek(out _, out var ticks) || ticks >= armedFor || stopping.IsCancellationRequested)
            return;
        armedFor = ticks;
        var wait = TimeSpan.FromTicks(Math.Max(0, ticks - clock.GetUtcNow().UtcTicks));
        timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private void OnTimer()
    {
        lock (gate)
        {
            armedFor = long.MaxValue;
            var now = clock.GetUtcNow().UtcTicks;
            while (later.TryPeek(out var next, out var ticks) && ticks <= now)
            {
                later.Dequeue();
                if (next.Lane.TakeDue(next.Item, ticks) && next.Lane.Add(next.Item))
                    Schedule(next.Lane);
            }
            Arm();
        }
    }
}

namespace Fleet.ControlPlane.Storage;

/// <summary>How many recent changes of one kind are kept for watchers that resume or lag.</summary>
internal sealed record WatchHistoryLimits(int Events, long Bytes, TimeSpan Age)
{
    public static WatchHistoryLimits Management { get; } = new(16_384, 32L << 20, TimeSpan.FromMinutes(10));

    /// <summary>Small, because there are thousands of simulated clusters.</summary>
    public static WatchHistoryLimits Simulated { get; } = new(4_096, 256 << 10, TimeSpan.FromMinutes(2)) { OnDemand = true };

    /// <summary>Changes are kept from the first request for the kind on. Until then nobody knows a revision from which to watch.</summary>
    public bool OnDemand { get; init; }
}

/// <summary>
/// The recent changes of one kind, in order, and the watchers that wait for the next. It is everybody's buffer: a watcher only keeps its
/// position, so a slow one costs nothing; when its position has left the history it is cut off (410) and lists again.
/// </summary>
internal sealed class WatchHistory(WatchHistoryLimits limits, long startRevision, TimeProvider clock)
{
    /// <summary>From so many on, waking all of them for every single change would be most of the server's work.</summary>
    private const int ManyWatchers = 16;

    private static readonly TimeSpan WaitPerWatcher = TimeSpan.FromMicroseconds(50);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(20);

    private readonly Lock gate = new();
    private StoreEvent[] ring = [];
    private int first;
    private int count;
    private long bytes;
    private long forgotten = startRevision;
    private WatchSignal[] watchers = [];
    private long lastWake;
    private bool wakesLater;

    public int Watchers => Volatile.Read(ref watchers).Length;

    public void Add(StoreEvent change)
    {
        lock (gate)
        {
            if (count == ring.Length && count < limits.Events) Grow();
            while (count == ring.Length || (count > 16 && bytes + change.Object.Json.Length > limits.Bytes)) Forget();
            ring[(first + count++) % ring.Length] = change;
            bytes += change.Object.Json.Length;
        }
    }

    /// <summary>
    /// Apart from <see cref="Add"/>, so that a batch of changes wakes everybody once and leaves as one packet. After a quiet moment it is at once;
    /// where many watch, what follows within milliseconds waits a little and leaves together.
    /// </summary>
    public void Wake()
    {
        var all = Volatile.Read(ref watchers);
        if (all.Length < ManyWatchers || MayWakeNow(all.Length)) SetAll();
    }

    /// <summary>Copies changes after a revision into <paramref name="into"/>; false when some of them are already forgotten.</summary>
    public bool TryRead(long after, List<StoreEvent> into, int most)
    {
        lock (gate)
        {
            if (after < forgotten) return false;
            int low = 0, high = count;
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (ring[(first + middle) % ring.Length].Revision <= after) low = middle + 1;
                else high = middle;
            }
            for (var i = low; i < count && into.Count < most; i++) into.Add(ring[(first + i) % ring.Length]);
            return true;
        }
    }

    public bool Remembers(long after)
    {
        lock (gate) return after >= forgotten;
    }

    /// <summary>Drops what is older than the limit; called now and then for all tables by one sweeper.</summary>
    public void DropOlderThan(long nowMilliseconds)
    {
        lock (gate)
        {
            var oldest = nowMilliseconds - (long)limits.Age.TotalMilliseconds;
            while (count > 0 && ring[first].Milliseconds < oldest) Forget();
            if (count == 0 && ring.Length > 0) (ring, first) = ([], 0);
        }
    }

    public void Register(WatchSignal watcher)
    {
        lock (gate) watchers = [.. watchers, watcher];
    }

    public void Unregister(WatchSignal watcher)
    {
        lock (gate) watchers = [.. watchers.Where(w => w != watcher)];
    }

    public void EndAll()
    {
        foreach (var watcher in Volatile.Read(ref watchers)) watcher.End();
    }

    private bool MayWakeNow(int number)
    {
        var interval = WaitPerWatcher * number < LongestWait ? WaitPerWatcher * number : LongestWait;
        lock (gate)
        {
            if (wakesLater) return false;
            var now = clock.GetTimestamp();
            var left = interval - clock.GetElapsedTime(lastWake, now);
            if (left <= TimeSpan.Zero)
            {
                lastWake = now;
                return true;
            }
            wakesLater = true;
            _ = Task.Delay(left, clock).ContinueWith(_ => WakeLate(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            return false;
        }
    }

    private void WakeLate()
    {
        lock (gate)
        {
            wakesLater = false;
            lastWake = clock.GetTimestamp();
        }
        SetAll();
    }

    private void SetAll()
    {
        foreach (var watcher in Volatile.Read(ref watchers)) watcher.Set();
    }

    private void Forget()
    {
        var oldest = ring[first];
        ring[first] = null!;
        forgotten = oldest.Revision;
        bytes -= oldest.Object.Json.Length;
        first = (first + 1) % ring.Length;
        count--;
    }

    private void Grow()
    {
        var larger = new StoreEvent[Math.Min(limits.Events, Math.Max(4, ring.Length * 2))];
        for (var i = 0; i < count; i++) larger[i] = ring[(first + i) % ring.Length];
        (ring, first) = (larger, 0);
    }
}

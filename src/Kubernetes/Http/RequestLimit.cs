namespace Fleet.Kubernetes.Http;

/// <summary>Bounds concurrency and, when asked to, the rate of one client. Waiters are served in order.</summary>
internal sealed class RequestLimit(int concurrency, double perSecond, int burst, TimeProvider clock) : IDisposable
{
    private readonly SemaphoreSlim slots = new(concurrency);
    private readonly Lock gate = new();
    private long nextFree = clock.GetTimestamp();

    /// <summary>Call the result's Dispose when the request is over.</summary>
    internal async ValueTask<Slot> EnterAsync(CancellationToken ct)
    {
        if (perSecond > 0 && Reserve() is { } wait && wait > TimeSpan.Zero)
            await Task.Delay(wait, clock, ct);
        await slots.WaitAsync(ct);
        return new(slots);
    }

    /// <summary>
    /// A virtual schedule: each request takes the next free moment, and moments up to <c>burst</c> in the past may be taken at once.
    /// </summary>
    private TimeSpan Reserve()
    {
        var interval = (long)(clock.TimestampFrequency / perSecond);
        lock (gate)
        {
            var now = clock.GetTimestamp();
            nextFree = Math.Max(nextFree, now - interval * Math.Max(0, burst - 1)) + interval;
            return clock.GetElapsedTime(now, nextFree - interval);
        }
    }

    public void Dispose() => slots.Dispose();

    internal readonly struct Slot(SemaphoreSlim slots) : IDisposable
    {
        public void Dispose()
        {
            try
            {
                slots.Release();
            }
            catch (ObjectDisposedException)
            {
                // The client was disposed while this request was under way; nobody waits any more.
            }
        }
    }
}

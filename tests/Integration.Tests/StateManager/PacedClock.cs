using Fleet.Testing.Time;

namespace Fleet.Integration.Tests.StateManager;

/// <summary>Time that runs at a pace of the test's: an hour goes by in seconds, with everything in it that waits for a time.</summary>
internal sealed class PacedClock : TimeProvider, IAsyncDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(20);

    /// <summary>A thread that comes late makes time go slower: at once it would leap over what waits for times between.</summary>
    private static readonly TimeSpan LongestBeat = Beat * 2;

    private readonly ManualTimeProvider time = new();
    private readonly CancellationTokenSource stop = new();
    private readonly Task running;
    private volatile int pace = 1;

    public PacedClock() => running = Task.Run(RunAsync);

    /// <summary>How many seconds go by in one.</summary>
    public int Pace { get => pace; set => pace = value; }

    public override long TimestampFrequency => time.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => time.LocalTimeZone;

    public override DateTimeOffset GetUtcNow() => time.GetUtcNow();

    public override long GetTimestamp() => time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => time.CreateTimer(callback, state, dueTime, period);

    /// <summary>Until so much time has gone by.</summary>
    public async Task PassAsync(TimeSpan span, int pace)
    {
        (var until, Pace) = (GetUtcNow() + span, pace);
        while (GetUtcNow() < until)
            await Task.Delay(Beat, System);
        Pace = 1;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
        stop.Dispose();
    }

    private async Task RunAsync()
    {
        var last = System.GetTimestamp();
        while (!stop.IsCancellationRequested)
        {
            await Task.Delay(Beat, System);
            var now = System.GetTimestamp();
            var beat = System.GetElapsedTime(last, now);
            time.Advance((beat < LongestBeat ? beat : LongestBeat) * pace);
            last = now;
        }
    }
}

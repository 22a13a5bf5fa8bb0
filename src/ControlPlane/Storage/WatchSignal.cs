using System.Threading.Tasks.Sources;

namespace Fleet.ControlPlane.Storage;

/// <summary>Wakes one watcher. Setting it is cheap and never runs the watcher's code on the writer's thread; sets between two waits count once.</summary>
internal sealed class WatchSignal : IValueTaskSource
{
    private readonly Lock gate = new();
    private ManualResetValueTaskSourceCore<bool> source = new() { RunContinuationsAsynchronously = true };
    private bool set;
    private bool waiting;

    public bool Ended { get; private set; }

    public void Set()
    {
        lock (gate)
        {
            if (waiting)
            {
                waiting = false;
                source.SetResult(true);
            }
            else
            {
                set = true;
            }
        }
    }

    public void End()
    {
        Ended = true;
        Set();
    }

    /// <summary>One waiter at a time. Time-outs and cancellation call <see cref="Set"/>.</summary>
    public ValueTask WaitAsync()
    {
        lock (gate)
        {
            if (set)
            {
                set = false;
                return ValueTask.CompletedTask;
            }
            source.Reset();
            waiting = true;
            return new ValueTask(this, source.Version);
        }
    }

    void IValueTaskSource.GetResult(short token) => source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => source.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        source.OnCompleted(continuation, state, token, flags);
}

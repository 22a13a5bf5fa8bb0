using Fleet.Control.Reconciling;
using Microsoft.Extensions.Logging;

namespace Fleet.Control.Grains;

/// <summary>
/// The turns of one grain: posted work runs one by one, in order, on the thread pool; nothing runs and no thread is held while it is empty.
/// </summary>
internal sealed partial class GrainMailbox(GrainId id, IGrainDirectory directory, IGrainBehavior behavior, TimeProvider clock, ILogger logger)
{
    private readonly Lock gate = new();
    private readonly Queue<Func<Task>> work = new();
    private GrainActivation? activation;
    private CancellationTokenSource? turn;
    private bool running;
    private bool closed;
    private long lastUsed = clock.GetTimestamp();

    /// <summary>False when the mailbox has been closed: the caller makes a new one.</summary>
    public bool TryCall(GrainCall call, CancellationToken ct, out Task<Outcome> outcome)
    {
        var result = new TaskCompletionSource<Outcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        outcome = result.Task;
        return TryPost(() => HandleAsync(call, result, ct));
    }

    public bool TryDeactivate(out Task done)
    {
        var result = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        done = result.Task;
        return TryPost(async () =>
        {
            await EndActivationAsync();
            result.SetResult();
        });
    }

    /// <summary>Ends the activation after the running call, which is cancelled once the grace is over. Calls that wait are refused.</summary>
    public async Task LetGoAsync(TimeSpan grace)
    {
        if (!TryDeactivate(out var done))
            return;
        if (grace > TimeSpan.Zero)
            await Task.WhenAny(done, Task.Delay(grace, clock));
        lock (gate)
            _ = turn?.CancelAsync();
        await done;
    }

    /// <summary>Asks an activation that nobody has used for a while to end. True when the mailbox is empty and without activation.</summary>
    public bool TryClose(TimeSpan idle)
    {
        lock (gate)
        {
            if (running || work.Count > 0 || clock.GetElapsedTime(lastUsed) < idle)
                return false;
            if (activation is null)
                return closed = true;
        }
        TryDeactivate(out _);
        return false;
    }

    private bool TryPost(Func<Task> turn)
    {
        lock (gate)
        {
            if (closed)
                return false;
            work.Enqueue(turn);
            if (running)
                return true;
            running = true;
        }
        ThreadPool.UnsafeQueueUserWorkItem(static mailbox => _ = mailbox.RunAsync(), this, preferLocal: false);
        return true;
    }

    private async Task RunAsync()
    {
        while (true)
        {
            Func<Task> next;
            lock (gate)
            {
                if (!work.TryDequeue(out var turn))
                {
                    running = false;
                    return;
                }
                next = turn;
            }
            await next();
        }
    }

    private async Task HandleAsync(GrainCall call, TaskCompletionSource<Outcome> result, CancellationToken ct)
    {
        try
        {
            ct.ThrowIfCancellationRequested();
            lastUsed = clock.GetTimestamp();
            if (activation is { } known && !(known.Ownership.IsCurrent && directory.Owns(id)))
                await EndActivationAsync();
            activation ??= await GrainActivation.OwnAsync(id, directory, clock, PostTimer, ct);
            result.SetResult(await RunTurnAsync(activation, call, ct));
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            result.SetCanceled(ct);
        }
#pragma warning disable CA1031 // The caller gets it; the next turn must run all the same.
        catch (Exception e)
#pragma warning restore CA1031
        {
            result.SetException(e);
        }
        finally
        {
            lastUsed = clock.GetTimestamp();
        }
    }

    /// <summary>What runs ends with its caller's wish, or when the grain is taken away.</summary>
    private async Task<Outcome> RunTurnAsync(GrainActivation on, GrainCall call, CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var began = clock.GetTimestamp();
        lock (gate)
            turn = either;
        try
        {
            return await behavior.HandleAsync(on, call, either.Token);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new GrainElsewhereException(id);
        }
        finally
        {
            lock (gate)
                turn = null;
            directory.Worked(id, clock.GetElapsedTime(began));
        }
    }

    private async Task EndActivationAsync()
    {
        if (activation is not { } ending)
            return;
        activation = null;
        await ending.EndAsync(directory, e => LogPartFailed(id, e));
    }

    private void PostTimer(GrainCall call)
    {
        if (TryCall(call, CancellationToken.None, out var outcome))
            _ = outcome.ContinueWith(
                (t, _) => LogTimerFailed(id, call.Controller, t.Exception!.InnerException!), null, CancellationToken.None,
                TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    [LoggerMessage(1010, LogLevel.Warning, "{Grain}: a part could not be closed")]
    private partial void LogPartFailed(GrainId grain, Exception exception);

    [LoggerMessage(1011, LogLevel.Error, "{Grain}: a timer of {Controller} failed")]
    private partial void LogTimerFailed(GrainId grain, string controller, Exception exception);
}

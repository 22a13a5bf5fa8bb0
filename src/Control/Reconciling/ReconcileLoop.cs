using Fleet.Control.Grains;
using Fleet.Control.Metrics;
using Fleet.Control.Queueing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fleet.Control.Reconciling;

/// <summary>Takes keys from the queue of one controller, runs them in their grains, and does with each outcome what <see cref="OutcomeHandling"/> says.</summary>
internal sealed partial class ReconcileLoop : BackgroundService
{
    private readonly ControllerOptions options;
    private readonly IGrainHost host;
    private readonly IGrainDirectory directory;
    private readonly OwnedQueue owned;
    private readonly ControlMetrics metrics;
    private readonly TimeProvider clock;
    private readonly ILogger logger;

    public ReconcileLoop(ControllerOptions options, IGrainHost host, IGrainDirectory directory, ControlMetrics metrics, LoopChance chance, ILogger logger)
    {
        this.options = options;
        this.host = host;
        this.directory = directory;
        this.metrics = metrics;
        this.logger = logger;
        clock = chance.Clock;
        Queue = new WorkQueue(options.GrainFor, options.Backoff, chance.Jitter, clock);
        owned = new OwnedQueue(Queue, key => directory.Owns(options.GrainFor(key)));
    }

    public WorkQueue Queue { get; }

    /// <summary>True once every trigger has reported what exists; for readiness.</summary>
    public bool HasSynced { get; private set; }

    public string Name => options.Name;

    /// <summary>The grains of everything that exists, whoever owns them.</summary>
    public IReadOnlySet<GrainId> Grains()
    {
        var all = new GrainSet(options.GrainFor);
        foreach (var trigger in options.Triggers)
            trigger.Replay(all);
        return all.Grains;
    }

    public override void Dispose()
    {
        directory.Gained -= Replay;
        base.Dispose();
        Queue.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        metrics.Register(options.Name, Queue);
        try
        {
            directory.Gained += Replay;
            await Task.WhenAll(options.Triggers.Select(t => t.StartAsync(owned, stoppingToken)));
            HasSynced = true;
            LogStarted(options.Name, Queue.Depth, options.Concurrency);
            await Task.WhenAll(Enumerable.Range(0, options.Concurrency).Select(_ => WorkAsync(stoppingToken)));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Shutdown: keys that wait are found again by the triggers of the next start.
        }
#pragma warning disable CA1031 // A controller that cannot run at all must be seen: here and in /livez.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogDied(options.Name, e);
            throw;
        }
    }

    /// <summary>What became ours may have changed while nobody looked, or have been left in the middle of something.</summary>
    private void Replay()
    {
        foreach (var trigger in options.Triggers)
            trigger.Replay(owned);
    }

    private async Task WorkAsync(CancellationToken stopping)
    {
        while (true)
        {
            var item = await Queue.TakeAsync(stopping);
            await ProcessAsync(item, stopping);
        }
    }

    internal async Task ProcessAsync(WorkItem item, CancellationToken stopping)
    {
        var id = Guid.NewGuid().ToString("N")[..12];
        // A formatted scope: structured for those who collect, readable for those who grep for a cluster.
        using var scope = logger.BeginScope("{Controller} {Key} {ReconcileId}", options.Name, item.Key, id);
        var started = clock.GetTimestamp();
        metrics.Started(options.Name, item.Waited);
        using var span = ReconcileSpans.Begin(options.Name, item, id);
        var outcome = await RunAsync(item, id, stopping);
        // Null: shutdown or another owner. The key is let go without a verdict.
        if (outcome is null)
        {
            Queue.Complete(item.Key);
            metrics.Finished(options.Name, "done", clock.GetElapsedTime(started));
            ReconcileSpans.End(span, "done", null);
            return;
        }
        ReconcileSpans.End(span, OutcomeHandling.For(outcome.Kind).Metric, outcome);
        Settle(item, outcome, clock.GetElapsedTime(started));
    }

    private async Task<Outcome?> RunAsync(WorkItem item, string id, CancellationToken stopping)
    {
        using var timeout = new CancellationTokenSource(options.Timeout, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stopping);
        try
        {
            return await host.CallAsync(item.Group, new GrainCall(options.Name, item.Key, id), both.Token);
        }
        catch (GrainElsewhereException)
        {
            LogElsewhere();
            return null;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return null;
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            metrics.TimedOut(options.Name);
            return Outcome.Failed(new TimeoutException($"the reconcile took longer than {options.Timeout.TotalSeconds:0} s"));
        }
#pragma warning disable CA1031 // Whatever escapes from a reconciler must not end the loop; it is counted and retried.
        catch (Exception e)
#pragma warning restore CA1031
        {
            metrics.Panicked(options.Name);
            return Outcome.Failed(e);
        }
    }

    private void Settle(WorkItem item, Outcome outcome, TimeSpan took)
    {
        var handling = OutcomeHandling.For(outcome.Kind);
        TimeSpan? delay = handling.Requeue switch
        {
            Requeue.WithBackoff => Queue.CompleteFailed(item.Key),
            Requeue.AfterDelay => Complete(item, outcome.Delay),
            _ => Complete(item, null),
        };
        metrics.Finished(options.Name, handling.Metric, took);
        LogOutcome(handling.Level, handling.Metric, outcome.Reason, outcome.Message, delay, outcome.Exception);
    }

    private TimeSpan? Complete(WorkItem item, TimeSpan? again)
    {
        Queue.Complete(item.Key, again);
        return again;
    }
}

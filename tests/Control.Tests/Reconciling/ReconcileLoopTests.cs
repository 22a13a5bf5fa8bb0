using System.Diagnostics;
using System.Diagnostics.Metrics;
using Fleet.Control.Grains;
using Fleet.Control.Metrics;
using Fleet.Control.Queueing;
using Fleet.Control.Reconciling;
using Fleet.Control.Tests.Queueing;
using Fleet.Control.Watching;
using Fleet.Kubernetes.Objects;
using Fleet.Testing.Time;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Control.Tests.Reconciling;

public sealed class ReconcileLoopTests : IAsyncDisposable
{
    private static readonly ObjectKey Key = new("team-a", "one");

    private readonly ManualTimeProvider clock = new();
    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly Dictionary<string, double> counted = [];
    private readonly MeterListener listener = new();

    public ReconcileLoopTests()
    {
        listener.InstrumentPublished = (instrument, l) =>
        {
            // Tests run beside each other: only the instruments of this test's own factory.
            if (ReferenceEquals(instrument.Meter.Scope, services.GetRequiredService<IMeterFactory>()))
                l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var outcome = tags.ToArray().FirstOrDefault(t => t.Key == "outcome").Value;
            var name = outcome is null ? instrument.Name : $"{instrument.Name}/{outcome}";
            lock (counted)
                counted[name] = counted.GetValueOrDefault(name) + value;
        });
        listener.Start();
    }

    public async ValueTask DisposeAsync()
    {
        listener.Dispose();
        await services.DisposeAsync();
    }

    [Fact]
    public async Task A_failure_is_retried_after_the_backoff()
    {
        var calls = 0;
        using var loop = await StartAsync((_, _) => Task.FromResult(++calls == 1 ? Outcome.Failed(new IOException("down")) : Outcome.Done));
        await UntilAsync(() => Count("fleet.reconcile.outcomes/failed") == 1);
        clock.Advance(TimeSpan.FromMilliseconds(499));
        Assert.Equal(1, calls);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        await UntilAsync(() => Count("fleet.reconcile.outcomes/done") == 1);
        Assert.Equal(2, calls);
        Assert.Equal(0, Count("fleet.reconcile.panics"));
    }

    [Fact]
    public async Task An_escaping_exception_is_counted_and_retried()
    {
        var calls = 0;
        using var loop = await StartAsync((_, _) => ++calls == 1 ? throw new InvalidOperationException("bug") : Task.FromResult(Outcome.Done));
        await UntilAsync(() => Count("fleet.reconcile.outcomes/failed") == 1);
        Assert.Equal(1, Count("fleet.reconcile.panics"));
        clock.Advance(TimeSpan.FromSeconds(1));
        await UntilAsync(() => calls == 2);
    }

    [Fact]
    public async Task A_reconcile_that_hangs_runs_into_the_timeout_of_its_controller()
    {
        var entered = new TaskCompletionSource();
        using var loop = await StartAsync(async (_, ct) =>
        {
            entered.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, clock, ct);
            return Outcome.Done;
        });
        // Its clock runs from here on, not from when it counts as active.
        await entered.Task;
        clock.Advance(TimeSpan.FromMinutes(2));
        await UntilAsync(() => Count("fleet.reconcile.outcomes/failed") == 1);
        Assert.Equal(1, Count("fleet.reconcile.timeouts"));
        Assert.Equal(0, Count("fleet.reconcile.panics"));
    }

    [Fact]
    public async Task Shutdown_is_neither_a_timeout_nor_a_failure()
    {
        using var loop = await StartAsync(async (_, ct) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, clock, ct);
            return Outcome.Done;
        });
        await UntilAsync(() => Count("fleet.reconcile.active") == 1);
        await loop.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, Count("fleet.reconcile.outcomes/failed"));
        Assert.Equal(0, Count("fleet.reconcile.timeouts"));
        Assert.True(loop.ExecuteTask!.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_stalled_key_waits_for_a_change()
    {
        var calls = 0;
        using var loop = await StartAsync((_, _) =>
        {
            calls++;
            return Task.FromResult(Outcome.Stalled("BadSpec", "name is empty"));
        });
        await UntilAsync(() => Count("fleet.reconcile.outcomes/stalled") == 1);
        clock.Advance(TimeSpan.FromHours(5));
        Assert.Equal(1, calls);
        loop.Queue.Add(Key);
        await UntilAsync(() => calls == 2);
    }

    [Fact]
    public async Task Every_series_exists_with_zero_before_the_first_reconcile()
    {
        using var loop = await StartAsync((_, _) => Task.FromResult(Outcome.Done), enqueue: false);
        await UntilAsync(() => loop.HasSynced);
        Assert.All(OutcomeHandling.Metrics, outcome => Assert.True(Has($"fleet.reconcile.outcomes/{outcome}")));
        Assert.True(Has("fleet.reconcile.panics") && Has("fleet.reconcile.timeouts"));
    }

    private async Task<ReconcileLoop> StartAsync(Func<ReconcileRequest, CancellationToken, Task<Outcome>> reconcile, bool enqueue = true)
    {
        var grain = new ReconcilerGrain();
        grain.Add("thing", new FunctionReconciler(reconcile));
        var directory = new LocalGrainDirectory();
        var host = new LocalGrainHost(directory, grain, clock, NullLogger<LocalGrainHost>.Instance);
        var options = new ControllerOptions { Name = "thing", Concurrency = 2, Triggers = enqueue ? [new OneKey(Key)] : [] };
        var metrics = new ControlMetrics(services.GetRequiredService<IMeterFactory>());
        var loop = new ReconcileLoop(options, host, directory, metrics, new LoopChance(clock, new FixedJitter(0)), NullLogger.Instance);
        await loop.StartAsync(CancellationToken.None);
        return loop;
    }

    private bool Has(string name)
    {
        lock (counted)
            return counted.ContainsKey(name);
    }

    private double Count(string name)
    {
        lock (counted)
            return counted.GetValueOrDefault(name);
    }

    /// <summary>The loop runs on the thread pool: gives it turns until it has got there.</summary>
    private static async Task UntilAsync(Func<bool> there)
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromSeconds(30) && !there();)
            await Task.Yield();
        Assert.True(there(), "did not happen");
    }

    private sealed class OneKey(ObjectKey key) : ITrigger
    {
        public Task StartAsync(IWorkQueue queue, CancellationToken ct)
        {
            queue.Add(key);
            return Task.CompletedTask;
        }
    }

    private sealed class FunctionReconciler(Func<ReconcileRequest, CancellationToken, Task<Outcome>> reconcile) : IReconciler
    {
        public Task<Outcome> ReconcileAsync(ReconcileRequest request, CancellationToken ct) => reconcile(request, ct);
    }
}

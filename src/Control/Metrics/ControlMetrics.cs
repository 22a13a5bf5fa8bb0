using System.Diagnostics.Metrics;
using Fleet.Control.Queueing;
using Fleet.Control.Reconciling;

namespace Fleet.Control.Metrics;

/// <summary>The instruments of the controller runtime; the tag <c>controller</c> tells the loops apart.</summary>
internal sealed class ControlMetrics
{
    public const string MeterName = "Fleet.Control";

    private readonly Lock gate = new();
    private readonly List<(string Controller, WorkQueue Queue)> queues = [];
    private readonly Histogram<double> wait;
    private readonly Histogram<double> duration;
    private readonly Counter<long> outcomes;
    private readonly Counter<long> panics;
    private readonly Counter<long> timeouts;
    private readonly UpDownCounter<long> active;

    public ControlMetrics(IMeterFactory factory)
    {
        var meter = factory.Create(MeterName);
        wait = meter.CreateHistogram<double>("fleet.queue.wait.duration", "s", "Time that a key waited after it could have run");
        duration = meter.CreateHistogram<double>("fleet.reconcile.duration", "s", "Time of one reconcile");
        outcomes = meter.CreateCounter<long>("fleet.reconcile.outcomes", "{reconcile}", "Finished reconciles by outcome");
        panics = meter.CreateCounter<long>("fleet.reconcile.panics", "{exception}", "Exceptions that escaped from a reconciler");
        timeouts = meter.CreateCounter<long>("fleet.reconcile.timeouts", "{reconcile}", "Reconciles that ran into the time-out of their controller");
        active = meter.CreateUpDownCounter<long>("fleet.reconcile.active", "{reconcile}", "Reconciles that run now");
        meter.CreateObservableUpDownCounter("fleet.queue.depth", Depths, "{key}", "Keys that could run but wait");
        meter.CreateObservableCounter("fleet.queue.adds", Adds, "{key}", "Keys that were asked for");
    }

    /// <summary>Makes every series of a loop exist with zero, so that rates are right from the first scrape.</summary>
    public void Register(string controller, WorkQueue queue)
    {
        lock (gate)
            queues.Add((controller, queue));
        foreach (var outcome in OutcomeHandling.Metrics)
            outcomes.Add(0, Tag(controller), new("outcome", outcome));
        panics.Add(0, Tag(controller));
        timeouts.Add(0, Tag(controller));
        active.Add(0, Tag(controller));
    }

    public void Started(string controller, TimeSpan waited)
    {
        wait.Record(waited.TotalSeconds, Tag(controller));
        active.Add(1, Tag(controller));
    }

    public void Finished(string controller, string outcome, TimeSpan took)
    {
        active.Add(-1, Tag(controller));
        duration.Record(took.TotalSeconds, Tag(controller));
        outcomes.Add(1, Tag(controller), new("outcome", outcome));
    }

    public void Panicked(string controller) => panics.Add(1, Tag(controller));

    public void TimedOut(string controller) => timeouts.Add(1, Tag(controller));

    private static KeyValuePair<string, object?> Tag(string controller) => new("controller", controller);

    private Measurement<long>[] Depths() => Observe(queue => queue.Depth);

    private Measurement<long>[] Adds() => Observe(queue => queue.Adds);

    private Measurement<long>[] Observe(Func<WorkQueue, long> read)
    {
        lock (gate)
            return [.. queues.Select(q => new Measurement<long>(read(q.Queue), Tag(q.Controller)))];
    }
}

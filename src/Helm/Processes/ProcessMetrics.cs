using System.Diagnostics.Metrics;

namespace Fleet.Helm.Processes;

/// <summary>Meter <c>Fleet.Helm</c>: how many helm processes run and wait, how long they take, the CPU they used.</summary>
internal sealed class ProcessMetrics
{
    public const string MeterName = "Fleet.Helm";

    private readonly UpDownCounter<long> _running;
    private readonly UpDownCounter<long> _waiting;
    private readonly Histogram<double> _duration;
    private long _runningNow;
    private long _started;

    public ProcessMetrics(IMeterFactory factory)
    {
        var meter = factory.Create(MeterName);
        _running = meter.CreateUpDownCounter<long>("fleet.helm.processes.running", "{process}", "Helm processes that run.");
        _waiting = meter.CreateUpDownCounter<long>("fleet.helm.processes.waiting", "{process}", "Helm operations that wait for a free place.");
        _duration = meter.CreateHistogram("fleet.helm.process.duration", "s", "Time of one helm process, waiting for a place excluded.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300] });
        meter.CreateObservableCounter("fleet.helm.children.cpu.time", () => Signals.ChildrenCpuTime().TotalSeconds, "s",
            "CPU time of all child processes that have ended.");
    }

    /// <summary>Processes started since this host began; a steady fleet does not move it.</summary>
    public long Started => Interlocked.Read(ref _started);
    public long Running => Interlocked.Read(ref _runningNow);

    public IDisposable Wait()
    {
        _waiting.Add(1);
        return new Scope(() => _waiting.Add(-1));
    }

    public IDisposable Run()
    {
        Interlocked.Increment(ref _started);
        Interlocked.Increment(ref _runningNow);
        _running.Add(1);
        return new Scope(() =>
        {
            Interlocked.Decrement(ref _runningNow);
            _running.Add(-1);
        });
    }

    public void Ended(string verb, string outcome, TimeSpan duration) =>
        _duration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("verb", verb), new KeyValuePair<string, object?>("outcome", outcome));

    private sealed class Scope(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}

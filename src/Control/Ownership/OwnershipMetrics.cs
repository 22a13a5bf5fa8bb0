using System.Diagnostics.Metrics;
using Fleet.Control.Metrics;
using Fleet.Control.Reconciling;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fleet.Control.Ownership;

/// <summary>Looks every ten seconds whether each grain is owned exactly once, and says so in metrics and, when it is not, in the log.</summary>
internal sealed partial class OwnershipMetrics : BackgroundService
{
    internal static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    private readonly OwnershipKeeper keeper;
    private readonly ReconcileLoops loops;
    private readonly OwnershipOptions options;
    private readonly TimeProvider clock;
    private readonly ILogger<OwnershipMetrics> log;
    private SweepFindings last = new(0, 0, 0, []);

    public OwnershipMetrics(
        OwnershipKeeper keeper, LeasedGrainDirectory directory, ReconcileLoops loops, OwnershipOptions options, IMeterFactory meters, TimeProvider clock, ILogger<OwnershipMetrics> log)
    {
        (this.keeper, this.loops, this.options, this.clock, this.log) = (keeper, loops, options, clock, log);
        var meter = meters.Create(ControlMetrics.MeterName);
        meter.CreateObservableUpDownCounter("fleet.orphaned.clusters", () => Of(last.Orphaned), "{cluster}", "Clusters and other grains of the service that no living replica holds");
        meter.CreateObservableUpDownCounter("fleet.doubly.owned.clusters", () => Of(last.Doubled), "{cluster}", "Grains of replicas that hold other slots than the table of owners says");
        meter.CreateObservableUpDownCounter("fleet.ownership.slots", () => Of(directory.IsValid ? directory.Holding.Count : 0), "{slot}", "Slots that this replica holds");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var sweep = new OwnershipSweep(Every);
        var start = clock.GetTimestamp();
        using var tick = new PeriodicTimer(Every, clock);
        try
        {
            while (await tick.WaitForNextTickAsync(stoppingToken))
                Look(sweep, clock.GetElapsedTime(start));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Shutdown.
        }
    }

    private void Look(OwnershipSweep sweep, TimeSpan now)
    {
        if (keeper.Seen is not { } seen)
            return;
        var before = last;
        last = sweep.Look(seen.Table, seen.Replicas, loops.Grains(), now);
        if (last.Reasons.Count > 0 && !last.Reasons.SequenceEqual(before.Reasons))
            LogAstray(last.Orphaned, last.Doubled, string.Join("; ", last.Reasons));
    }

    private Measurement<int> Of(int number) => new(number, new KeyValuePair<string, object?>("service", options.Service));

    [LoggerMessage(1030, LogLevel.Error, "not every cluster is owned exactly once: {Orphaned} orphaned, {Doubled} doubly owned ({Reasons})")]
    private partial void LogAstray(int orphaned, int doubled, string reasons);
}

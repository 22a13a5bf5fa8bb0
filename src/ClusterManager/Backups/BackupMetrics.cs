using System.Diagnostics.Metrics;
using Fleet.Contracts.Backups;
using Fleet.Control.Grains;

namespace Fleet.ClusterManager.Backups;

/// <summary>Instruments about backups; those of an object go with it. An alert on age needs no backup to be there: until the first, its age is that of its object.</summary>
internal sealed class BackupMetrics
{
    public const string MeterName = "Fleet.Backup";

    private readonly BackupWatch watch;
    private readonly IGrainDirectory directory;
    private readonly TimeProvider clock;
    private readonly Counter<long> runs;
    private readonly Histogram<double> durations;

    public BackupMetrics(IMeterFactory factory, BackupWatch watch, IGrainDirectory directory, TimeProvider clock)
    {
        (this.watch, this.directory, this.clock) = (watch, directory, clock);
        var meter = factory.Create(MeterName);
        meter.CreateObservableGauge<double>("fleet.backup.age", Ages, "s", "Time since the newest backup that is whole was finished, or since the ManagementBackup was made");
        meter.CreateObservableGauge<double>("fleet.backup.last.success.time", () => Of(row => row.LastSuccess?.ToUnixTimeMilliseconds() / 1000.0), "s", "When the newest backup that is whole was finished, in seconds since 1970");
        meter.CreateObservableGauge<double>("fleet.backup.last.duration", () => Of(row => row.Took?.TotalSeconds), "s", "How long the newest backup took");
        meter.CreateObservableGauge<double>("fleet.backup.last.size", () => Of(row => row.SizeBytes), "By", "Size of the newest backup");
        meter.CreateObservableGauge<double>("fleet.backup.failing", () => Of(row => row.Failures), "{attempt}", "Attempts that failed since the last one that did not");
        runs = meter.CreateCounter<long>("fleet.backup.runs", "{backup}", "Attempts by phase and reason");
        durations = meter.CreateHistogram(
            "fleet.backup.duration", "s", "Time to write a backup and read it back",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 5, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200] });
    }

    public void Ran(string name, string phase, string reason, TimeSpan took)
    {
        runs.Add(1, new("backup", name), new("phase", phase), new("reason", reason));
        if (phase != BackupPhase.Failed)
            durations.Record(took.TotalSeconds, new KeyValuePair<string, object?>("backup", name));
    }

    private IEnumerable<Measurement<double>> Ages()
    {
        var now = clock.GetUtcNow();
        return Of(row => (row.LastSuccess ?? row.Created) is { } since ? Math.Max(0, (now - since).TotalSeconds) : null);
    }

    private IEnumerable<Measurement<double>> Of(Func<BackupRow, double?> value) => !watch.Backups.State.HasSynced ? [] :
        from row in watch.Backups.Items
        where directory.Owns(new("managementbackup", row.Key))
        let measured = value(row)
        where measured is not null
        select new Measurement<double>(measured.Value, new KeyValuePair<string, object?>("backup", row.Key.Name));
}

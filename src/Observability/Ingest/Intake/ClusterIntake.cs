using Fleet.Observability.Ingest.Samples;

namespace Fleet.Observability.Ingest.Intake;

/// <summary>What is kept in memory of one cluster that sends: its active series, and how much it may send now.</summary>
internal sealed class ClusterIntake(ClusterIdentity cluster, IntakeOptions options)
{
    private readonly Lock gate = new();
    private double allowance = options.SamplesPerSecond * options.BurstSeconds;
    private DateTimeOffset filled;

    public ClusterIdentity Cluster => cluster;

    public ActiveSeries Active { get; } = new(options.Limits.ActiveSeries, options.Limits.ActiveFor);

    /// <summary>
    /// Null when another request may come; else how long to wait. What a request costs is known only after it was read, so the allowance may go below zero, and the
    /// next request waits for that.
    /// </summary>
    public TimeSpan? Delay(DateTimeOffset now)
    {
        lock (gate)
        {
            if (filled != default && now > filled)
                allowance = Math.Min(options.SamplesPerSecond * options.BurstSeconds, allowance + ((now - filled).TotalSeconds * options.SamplesPerSecond));
            filled = now;
            return allowance > 0 ? null : TimeSpan.FromSeconds(Math.Min(60, 1 + (-allowance / options.SamplesPerSecond)));
        }
    }

    public void Spend(long samples)
    {
        lock (gate)
            allowance -= samples;
    }
}

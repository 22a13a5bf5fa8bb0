using Fleet.Observability.Ingest.Samples;

namespace Fleet.Observability.Ingest.Intake;

/// <summary>How much is taken from all senders together and from one cluster.</summary>
public sealed record IntakeOptions
{
    public SampleLimits Limits { get; init; } = new();

    /// <summary>Bytes of requests that are worked on at the same time, in all their forms; beyond it senders are told to come again (503).</summary>
    public long MemoryBytes { get; init; } = 384L * 1024 * 1024;

    /// <summary>Of one cluster, over time; beyond it the cluster is told to come again later (429). A cluster of a hundred nodes sends about 10,000.</summary>
    public double SamplesPerSecond { get; init; } = 200_000;

    /// <summary>So many seconds' worth may come at once, as after an outage.</summary>
    public double BurstSeconds { get; init; } = 60;
}

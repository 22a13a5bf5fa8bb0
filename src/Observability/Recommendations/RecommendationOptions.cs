namespace Fleet.Observability.Recommendations;

/// <summary>The pace of advice, and when something counts as unused.</summary>
public sealed record RecommendationOptions
{
    /// <summary>How often a cluster is read and advised about. Requests change by the day.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How often what was seen of usage is kept: what a process that is killed loses of it.</summary>
    public TimeSpan SaveEvery { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Of CPU, before anything is said about a container. KRR wants as many.</summary>
    public int LeastSamples { get; init; } = 100;

    /// <summary>How long a workload must have done nothing.</summary>
    public TimeSpan AbandonedAfter { get; init; } = TimeSpan.FromDays(2);

    /// <summary>How long a disk must have been mounted by nobody.</summary>
    public TimeSpan UnmountedAfter { get; init; } = TimeSpan.FromDays(3);

    /// <summary>How long a load balancer must have had nothing behind it.</summary>
    public TimeSpan UnservedAfter { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Of the ledger, for containers of which no samples were kept. As many days as the autoscaler reads.</summary>
    public TimeSpan FilledFrom { get; init; } = TimeSpan.FromDays(8);

    /// <summary>Of a cluster that was not advised about for so long nothing is shown any more: what is true of it now is not known.</summary>
    public TimeSpan Shown { get; init; } = TimeSpan.FromDays(2);
}

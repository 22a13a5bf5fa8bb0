namespace Fleet.Observability.Collection;

/// <summary>The pace of collecting.</summary>
public sealed record CollectionOptions
{
    /// <summary>How often a cluster is looked at and its metrics-server asked, which measures about as often itself.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How often what was seen goes into the ledger: what a process that is killed loses of usage, not of requests.</summary>
    public TimeSpan WriteEvery { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Of a longer absence only its end is filled in.</summary>
    public TimeSpan LongestGap { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How long hourly rows are kept.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(60);
}

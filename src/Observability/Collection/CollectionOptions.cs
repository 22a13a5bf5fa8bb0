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

    /// <summary>How long hours are kept, in whole days. A month, and the time in which it is looked back at by the hour.</summary>
    public TimeSpan HourRetention { get; init; } = TimeSpan.FromDays(62);

    /// <summary>How long days are kept, in whole months: as far back as windows reach.</summary>
    public TimeSpan DayRetention { get; init; } = TimeSpan.FromDays(3 * 366);
}

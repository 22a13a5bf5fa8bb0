namespace Fleet.Observability.Days;

/// <summary>The pace of adding days up.</summary>
internal sealed record DayOptions
{
    /// <summary>Only days of which the ledger has got more are added up again.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Days are kept for a year and the one before it, to compare with.</summary>
    public int DaysKept { get; init; } = 2 * 366;

    /// <summary>Sums of a budget that is gone; one that comes back soon, or is edited and edited back, finds them.</summary>
    public TimeSpan UnwantedFor { get; init; } = TimeSpan.FromDays(2);
}

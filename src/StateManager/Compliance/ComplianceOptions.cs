namespace Fleet.StateManager.Compliance;

/// <summary>How the compliance report is kept.</summary>
public sealed record ComplianceOptions
{
    /// <summary>Connection string of PostgreSQL; it holds a password, so it is never logged. Null: totals are lines of the log, and nothing can be asked.</summary>
    public string? Database { get; init; }

    /// <summary>How far back the trend goes.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(365);

    /// <summary>A policy that is changed changes every report of a cluster within a moment: they are written together.</summary>
    public TimeSpan Gather { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often the database is told that figures are still right. Figures that nobody has confirmed for three times as long count as stale.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Before a database that does not answer is tried again.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(5);
}

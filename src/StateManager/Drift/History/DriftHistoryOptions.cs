namespace Fleet.StateManager.Drift.History;

/// <summary>How the history of drift is kept.</summary>
public sealed record DriftHistoryOptions
{
    /// <summary>Connection string of PostgreSQL; it holds a password, so it is never logged. Null: entries are lines of the log.</summary>
    public string? Database { get; init; }

    /// <summary>Long enough to see who comes back each month.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(90);

    /// <summary>Entries that wait for a database that is away; the oldest are dropped then. A few MiB.</summary>
    public int Backlog { get; init; } = 5000;

    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(5);
}

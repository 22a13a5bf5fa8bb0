namespace Fleet.Rest.Audit;

/// <summary>How the audit is kept.</summary>
public sealed record AuditOptions
{
    /// <summary>Connection string of PostgreSQL; it holds a password, so it is never logged. Null: entries are lines of the log.</summary>
    public string? Database { get; init; }

    /// <summary>A year covers the audits that most rules ask for.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(365);

    /// <summary>Reads that wait to be written; what comes on top is counted and dropped. Some MiB.</summary>
    public int Backlog { get; init; } = 5000;

    /// <summary>How long a write waits for its entry before it is refused.</summary>
    public TimeSpan WriteTimeout { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(5);
}

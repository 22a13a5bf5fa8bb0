namespace Fleet.Observability.Ingest.Records;

/// <summary>Logs and spans in PostgreSQL.</summary>
public sealed record RecordOptions
{
    /// <summary>It holds a password, so it is never logged.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>Whole days are kept; older ones are neither kept nor taken.</summary>
    public TimeSpan LogRetention { get; init; } = TimeSpan.FromDays(14);

    public TimeSpan SpanRetention { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How far a sender's clock may be ahead.</summary>
    public TimeSpan Ahead { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Of a message; the rest is cut off.</summary>
    public int LongestBody { get; init; } = 64 * 1024;

    /// <summary>Of the attributes of one record or resource as JSON; a record that has more is refused.</summary>
    public int LongestAttributes { get; init; } = 64 * 1024;

    /// <summary>Requests that are written at the same time; others wait a moment and are then sent away.</summary>
    public int Writers { get; init; } = 4;
}

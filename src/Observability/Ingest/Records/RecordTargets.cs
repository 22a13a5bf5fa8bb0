using Fleet.Observability.Ingest.Forwarding;
using Fleet.Observability.Ingest.Queue;

namespace Fleet.Observability.Ingest.Records;

/// <summary>Where logs and spans go that are not kept here.</summary>
public sealed record RecordTargets
{
    /// <summary>None go anywhere.</summary>
    public static RecordTargets None { get; } = new() { QueueFolder = "" };

    /// <summary>An OTLP/HTTP receiver of logs; null: they are kept in PostgreSQL.</summary>
    public TargetOptions? Logs { get; init; }

    /// <summary>An OTLP/HTTP receiver of traces; null: they are kept in PostgreSQL.</summary>
    public TargetOptions? Traces { get; init; }

    /// <summary>Requests wait there until their receiver has them.</summary>
    public required string QueueFolder { get; init; }

    /// <summary>Of each kind; beyond it the oldest is given up.</summary>
    public long QueueBytes { get; init; } = 1024L * 1024 * 1024;

    public long SegmentBytes { get; init; } = 32 * 1024 * 1024;

    public QueueOptions Queue(string what) => new() { Folder = Path.Combine(QueueFolder, what), MostBytes = QueueBytes, SegmentBytes = SegmentBytes };

    /// <param name="folder">In which requests wait; null when nobody has said.</param>
    /// <exception cref="FormatException">Something is missing or cannot be used; the message says what it should look like.</exception>
    public static RecordTargets For(string? logs, string? traces, string? tokenFile, string? caFile, string? folder)
    {
        if (logs is null && traces is null)
            return None;
        return new()
        {
            Logs = logs is null ? null : TargetOptions.For("--logs-otlp", logs, tokenFile, caFile),
            Traces = traces is null ? null : TargetOptions.For("--traces-otlp", traces, tokenFile, caFile),
            QueueFolder = Path.Combine(folder ?? throw new FormatException("name the folder in which logs and traces wait for their receiver: --queue FOLDER"), "otlp"),
        };
    }
}

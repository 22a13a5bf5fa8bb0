namespace Fleet.Observability.Ingest.Queue;

public sealed partial class IngestQueue
{
    [LoggerMessage(3010, LogLevel.Warning, "The queue of samples ended in the middle of a request, as after a kill or a power cut: {Bytes} bytes that nobody was promised are cut off")]
    private partial void LogTorn(long bytes);

    [LoggerMessage(3011, LogLevel.Error, "The queue of samples is full: the oldest {Samples} samples are given up ({Clusters})")]
    private partial void LogDropped(long samples, string clusters);

    [LoggerMessage(3012, LogLevel.Error, "A file of the queue of samples is damaged: {Bytes} bytes at the end of {File} are given up")]
    private partial void LogDamaged(long bytes, string file);

    [LoggerMessage(3013, LogLevel.Error, "The queue of samples cannot be written, senders are told to come again: {Reason}")]
    private partial void LogUnavailable(string reason);
}

namespace Fleet.Observability.Ingest.Stores;

public sealed partial class StoreSender
{
    [LoggerMessage(3020, LogLevel.Warning, "The metrics store does not take samples ({Answer}); {Waiting} bytes wait, next attempt in {Delay}")]
    private partial void LogWaiting(string answer, long waiting, TimeSpan delay);

    [LoggerMessage(3021, LogLevel.Information, "The metrics store takes samples again")]
    private partial void LogBack();

    [LoggerMessage(3022, LogLevel.Warning, "The metrics store refuses {Samples} samples of {Clusters} ({Answer}); they are given up")]
    private partial void LogRefused(long samples, string clusters, string answer);

    [LoggerMessage(3023, LogLevel.Warning, "{Samples} samples of {Clusters} have become too old for the metrics store and are given up")]
    private partial void LogTooOld(long samples, string clusters);

    [LoggerMessage(3024, LogLevel.Error, "A request in the queue of samples cannot be read and is given up: {Reason}")]
    private partial void LogUnreadable(string reason);

    [LoggerMessage(3025, LogLevel.Warning, "A part of what {Clusters} sends is refused ({Answer}); the receiver says and counts which")]
    private partial void LogRefusedParts(string clusters, string answer);
}

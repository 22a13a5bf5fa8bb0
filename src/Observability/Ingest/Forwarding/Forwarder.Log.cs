namespace Fleet.Observability.Ingest.Forwarding;

internal sealed partial class Forwarder
{
    [LoggerMessage(3040, LogLevel.Warning, "The receiver of {What} does not take them ({Answer}); {Waiting} bytes wait, next attempt in {Delay}")]
    private partial void LogWaiting(string what, string answer, long waiting, TimeSpan delay);

    [LoggerMessage(3041, LogLevel.Information, "The receiver of {What} takes them again")]
    private partial void LogBack(string what);

    [LoggerMessage(3042, LogLevel.Warning, "The receiver of {What} refuses {Count} of {Cluster} ({Answer}); they are given up")]
    private partial void LogRefused(string what, long count, string cluster, string answer);
}

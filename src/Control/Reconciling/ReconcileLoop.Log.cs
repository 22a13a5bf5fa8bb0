using Microsoft.Extensions.Logging;

namespace Fleet.Control.Reconciling;

internal sealed partial class ReconcileLoop
{
    [LoggerMessage(1001, LogLevel.Information, "{Controller}: everything present is queued, {Depth} keys; {Concurrency} at a time")]
    private partial void LogStarted(string controller, int depth, int concurrency);

    [LoggerMessage(EventId = 1002, Message = "{Outcome} {Reason} {Text} (next in {Delay})")]
    private partial void LogOutcome(LogLevel level, string outcome, string reason, string text, TimeSpan? delay, Exception? exception);

    [LoggerMessage(1003, LogLevel.Debug, "left alone: another process owns its grain")]
    private partial void LogElsewhere();

    [LoggerMessage(1004, LogLevel.Critical, "{Controller}: has ended; see /livez")]
    private partial void LogDied(string controller, Exception exception);
}

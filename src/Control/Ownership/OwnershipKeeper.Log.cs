using Microsoft.Extensions.Logging;

namespace Fleet.Control.Ownership;

internal sealed partial class OwnershipKeeper
{
    [LoggerMessage(1020, LogLevel.Warning, "ownership: {Trouble}")]
    private partial void LogTrouble(string trouble, Exception? exception);

    [LoggerMessage(1021, LogLevel.Information, "owns {Held} of {Slots} slots (generation {Generation})")]
    private partial void LogHolding(int held, int slots, long generation);

    [LoggerMessage(1022, LogLevel.Information, "shared the slots out anew among {Replicas} replicas (generation {Generation})")]
    private partial void LogPlanned(long generation, int replicas);

    [LoggerMessage(1023, LogLevel.Warning, "the replica of Lease {Lease} has not renewed it: what it owned is shared out")]
    private partial void LogDead(string lease);

    [LoggerMessage(1024, LogLevel.Information, "replica {Replica} has let everything go")]
    private partial void LogLeft(string replica);

    [LoggerMessage(1025, LogLevel.Warning, "Lease {Lease} could not be deleted: the others wait {Duration} for it to expire")]
    private partial void LogLeftLease(string lease, TimeSpan duration, Exception exception);
}

using Microsoft.Extensions.Logging;

namespace Fleet.Control.Reconciling;

internal enum Requeue { No, AfterDelay, WithBackoff }

/// <summary>What the loop does about an outcome.</summary>
internal readonly record struct OutcomeHandling(Requeue Requeue, LogLevel Level, string Metric)
{
    /// <summary>The names under which outcomes are counted; all of them exist from the start, with zero.</summary>
    public static IReadOnlyList<string> Metrics { get; } = ["done", "after", "waiting", "stalled", "failed"];

    /// <summary>The whole table.</summary>
    public static OutcomeHandling For(OutcomeKind kind) => kind switch
    {
        OutcomeKind.Done => new(Requeue.No, LogLevel.Debug, "done"),
        OutcomeKind.After => new(Requeue.AfterDelay, LogLevel.Debug, "after"),
        OutcomeKind.Waiting => new(Requeue.AfterDelay, LogLevel.Information, "waiting"),
        OutcomeKind.Stalled => new(Requeue.No, LogLevel.Warning, "stalled"),
        OutcomeKind.Failed => new(Requeue.WithBackoff, LogLevel.Error, "failed"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "unknown kind of outcome"),
    };
}

namespace Fleet.Kubernetes.Events;

/// <summary>Who reports, and how much at most.</summary>
public sealed record EventRecorderOptions
{
    /// <summary>The reporting controller, a qualified name such as <c>fleet.example.com/cluster-manager</c>.</summary>
    public required string Controller { get; init; }

    /// <summary>Usually the pod's or the host's name.</summary>
    public required string Instance { get; init; }

    /// <summary>Writes per second on average, and at once. What waits longer than the queue is long is dropped and counted.</summary>
    public double PerSecond { get; init; } = 10;
    public int Burst { get; init; } = 50;
    public int QueueLength { get; init; } = 1000;

    /// <summary>A series is written at most this often; the count is always right in the end.</summary>
    public TimeSpan SeriesInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A repetition after this long starts a new event: Kubernetes' own value.</summary>
    public TimeSpan SeriesEnd { get; init; } = TimeSpan.FromMinutes(6);

    public TimeProvider Clock { get; init; } = TimeProvider.System;
}

using Fleet.Control.Grains;
using Fleet.Control.Queueing;
using Fleet.Control.Watching;
using Fleet.Kubernetes.Objects;

namespace Fleet.Control.Reconciling;

/// <summary>How one reconciler is run.</summary>
public sealed record ControllerOptions
{
    /// <summary>Lower-case kind, for instance <c>clusterdeployment</c>: the name in metrics, logs and grain calls.</summary>
    public required string Name { get; init; }

    /// <summary>How many reconciles may run at once. They are asynchronous: waiting for a remote cluster costs no thread.</summary>
    public int Concurrency { get; init; } = 16;

    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);

    public Backoff Backoff { get; init; } = Backoff.Default;

    /// <summary>What asks for reconciles.</summary>
    public IReadOnlyList<ITrigger> Triggers { get; init; } = [];

    /// <summary>
    /// The grain that a key is run in; keys of one grain run one at a time and take turns with those of others.
    /// By default each object is a grain of its own.
    /// </summary>
    public Func<ObjectKey, GrainId>? GrainOf { get; init; }

    internal GrainId GrainFor(ObjectKey key) => GrainOf is { } of ? of(key) : new(Name, key);
}

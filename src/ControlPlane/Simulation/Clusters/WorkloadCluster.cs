using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Simulation.Nodes;
using Fleet.ControlPlane.Simulation.Scheduling;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Simulation.Clusters;

/// <summary>A simulated cluster with what has to be remembered between looks: its nodes' free room and when pods took their last step.</summary>
internal sealed class WorkloadCluster(IClusterApi api, TimeProvider clock, SimulationTimings timings) : ClusterScope(api, clock)
{
    private Dictionary<ObjectKey, DateTimeOffset>? steps;
    private long lastNumber = api.Revision;

    public SimulationTimings Timings { get; } = timings;

    public NodeLedger Nodes { get; } = new(api);

    public KnownKeys Services { get; } = new();

    public KnownKeys Budgets { get; } = new();

    public KnownKeys DaemonSets { get; } = new();

    /// <summary>A number that no one else has got: for the random-looking part of names.</summary>
    public long NextNumber() => Interlocked.Increment(ref lastNumber);

    /// <summary>
    /// How much of a step's time is left. API times have whole seconds, too coarse for steps of milliseconds, so the start of a
    /// step is kept here; after a restart it is unknown and the step counts as over.
    /// </summary>
    public TimeSpan Remaining(ObjectKey pod, TimeSpan length)
    {
        if (length <= TimeSpan.Zero || steps is null || !steps.TryGetValue(pod, out var since))
            return TimeSpan.Zero;
        var left = since + length - Now;
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    public void StepTaken(ObjectKey pod) => (steps ??= [])[pod] = Now;

    public void ForgetSteps(ObjectKey pod)
    {
        if (steps is not null && steps.Remove(pod) && steps.Count == 0)
            steps = null;
    }
}

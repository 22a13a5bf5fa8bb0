using System.Collections.Concurrent;

namespace Fleet.ControlPlane.ClusterApi;

/// <summary>When steps of provisioning began. A step that is not known (after a restart) begins when it is asked for.</summary>
internal sealed class StepTimes(TimeProvider clock)
{
    private readonly ConcurrentDictionary<(string Uid, string Step), DateTimeOffset> begun = new();

    /// <summary>What is left of the step; zero or less when it is over.</summary>
    public TimeSpan Left(string uid, string step, TimeSpan length) =>
        length <= TimeSpan.Zero ? TimeSpan.Zero : begun.GetOrAdd((uid, step), static (_, c) => c.GetUtcNow(), clock) + length - clock.GetUtcNow();

    public void Forget(string uid, string step) => begun.TryRemove((uid, step), out _);
}

using Fleet.Control.Reconciling;

namespace Fleet.StateManager.ServiceSets;

/// <summary>When a ServiceSet is looked at again though nothing reports a change. Pure.</summary>
internal static class ServiceSetOutcome
{
    /// <summary>Values of ConfigMaps and Secrets are not watched; a change of them is noticed within this.</summary>
    private static readonly TimeSpan LookAtSourcesAfter = TimeSpan.FromSeconds(60);

    public static Outcome Of(ServiceSetFacts facts, ServiceSetPlan plan, IReadOnlyList<ServiceResult> results, TimeSpan? retryConnectionAfter)
    {
        if (facts.IsPaused && !facts.IsDeleting)
            return Outcome.Done;
        if (retryConnectionAfter is { } retry)
            return Outcome.Waiting(facts.Target.State switch { TargetState.Unreachable => "ClusterUnreachable", TargetState.Fenced => "Fenced", _ => "ClusterNotReady" }, retry);
        var delays = results.Where(r => r.Error is not null).Select(r => (TimeSpan?)r.RetryAfter).Append(plan.CheckAgainAfter);
        if (facts.Services.Any(s => s.Wanted?.ValuesFrom is { Count: > 0 }) || facts.Services.Any(s => s.Source is ServiceSource.Blocked { Message.Length: > 0 }))
            delays = delays.Append(LookAtSourcesAfter);
        return delays.Min() is { } soonest ? Outcome.After(soonest) : Outcome.Done;
    }
}

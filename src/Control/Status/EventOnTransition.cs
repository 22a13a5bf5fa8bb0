using Fleet.Contracts.Conditions;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Events;
using Condition = Fleet.Contracts.Conditions.Condition;

namespace Fleet.Control.Status;

/// <summary>
/// Tells users of transitions by events: a state that stays says nothing, however often it is looked at. Never blocks and never fails, as the recorder.
/// </summary>
public sealed class EventOnTransition(EventRecorder recorder)
{
    /// <summary>An event for each condition whose status or reason differs from what was seen before.</summary>
    public void Conditions(ObjectReference regarding, IEnumerable<Condition>? before, IEnumerable<Condition> after, params ReadOnlySpan<ConditionType> types)
    {
        var seen = (before ?? []).ToDictionary(c => c.Type);
        foreach (var condition in after)
        {
            if (!types.Contains(condition.Type))
                continue;
            var old = seen.GetValueOrDefault(condition.Type);
            if (old is null ? condition.Status == ConditionStatus.Unknown : old.Status == condition.Status && old.Reason == condition.Reason)
                continue;
            Tell(regarding, condition.Status != ConditionStatus.False, condition.Reason.Value, condition.Type.Value, condition.Message);
        }
    }

    /// <summary>An event for a state that is a plain word, when it has changed. Null before means it is new.</summary>
    public void State(ObjectReference regarding, string? before, string after, bool isGood, string subject, string note)
    {
        if (before != after)
            Tell(regarding, isGood, $"{subject}{after}", "Reconcile", note);
    }

    private void Tell(ObjectReference regarding, bool isGood, string reason, string action, string note)
    {
        if (isGood)
            recorder.Normal(regarding, reason, action, note);
        else
            recorder.Warning(regarding, reason, action, note);
    }
}

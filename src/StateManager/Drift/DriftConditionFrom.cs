using Fleet.Contracts.Conditions;
using Fleet.Contracts.Services;

namespace Fleet.StateManager.Drift;

/// <summary>The condition Drifted of a service. Pure.</summary>
internal static class DriftConditionFrom
{
    /// <summary>A namespace that somebody emptied should not fill the status.</summary>
    private const int Named = 5;

    /// <summary>Null when everything is as declared; Unknown when something that looks as declared cannot be watched.</summary>
    public static Condition? Of(DriftPlan plan)
    {
        if (plan.Left.Count == 0)
            return plan.NotWatched.Count == 0 ? null : Condition.Unknown(ServiceStateConditions.Drifted, ServiceStateConditions.NotWatched, Some(plan.NotWatched));
        if (plan.IsShownOnly)
            return Drifted(ServiceStateConditions.DriftDetected, plan.Left.Select(d => d.Drift.ToString()));
        var failed = plan.Left.Where(d => d.Attempts?.Error is not null).ToList();
        return failed.Count > 0
            ? Drifted(ServiceStateConditions.CorrectionFailed, failed.Select(d => $"{d.Drift}: {d.Attempts!.Error}"))
            : Drifted(ServiceStateConditions.KeepsDrifting, plan.Left.Select(d => d.Drift.ToString()), "somebody keeps changing what is declared; it is corrected ever more rarely: ");
    }

    private static string Some(IReadOnlyList<string> all) => string.Join("; ", all.Take(Named)) + (all.Count > Named ? $"; and {all.Count - Named} more" : "");

    private static Condition Drifted(Reason reason, IEnumerable<string> objects, string before = "") =>
        Condition.True(ServiceStateConditions.Drifted, reason, before + Some([.. objects]));
}

using Fleet.Contracts.Alerts;
using Fleet.Contracts.Conditions;
using Fleet.Control.Kinds;
using Fleet.Control.Reconciling;
using Fleet.Control.Status;
using Fleet.Observability.Alerts.Engine;
using Fleet.Observability.Alerts.States;

namespace Fleet.Observability.Alerts.Status;

/// <summary>Status of AlertRules: asked for after each evaluation, written by the process that evaluates.</summary>
internal sealed class AlertRuleReconciler(AlertObjects objects, AlertBoard board, IStatusWriter status) : IReconciler
{
    private static readonly HashSet<ConditionType> Owned = [AlertRuleConditions.Evaluated];

    public async Task<Outcome> ReconcileAsync(ReconcileRequest request, CancellationToken ct)
    {
        if (!objects.Rules.TryGet(request.Key, out var rule) || board.ReportsOf(request.Key) is not { } reports || board.Alerts is not { } alerts)
            return Outcome.Done;
        var own = alerts.Where(alert => alert.Rule.Namespace == request.Key.Namespace && alert.Rule.Name == request.Key.Name).ToList();
        var generation = rule.Metadata.Generation ?? 0;
        var wanted = new AlertRuleStatus
        {
            Firing = own.Count(alert => alert.Phase == AlertPhase.Firing), Pending = own.Count(alert => alert.Phase == AlertPhase.Pending), ObservedGeneration = generation,
        };
        await status.WriteAsync(StatusChange.Of(FleetKinds.AlertRules, rule, wanted, [ConditionOf(reports) with { ObservedGeneration = generation }], Owned, request.Ownership));
        return Outcome.Done;
    }

    internal static Condition ConditionOf(IReadOnlyList<RuleReport> reports)
    {
        var problems = reports.Where(report => report.Problem is not null).ToList();
        if (problems.Count == 0)
            return Condition.True(AlertRuleConditions.Evaluated, AlertRuleConditions.Succeeded);
        var message = string.Join("; ", problems.Take(5).Select(report => $"{report.Rule.Alert}: {report.Problem}")) + (problems.Count > 5 ? $"; and {problems.Count - 5} others" : "");
        // What a person must mend comes before what may pass.
        var reason = problems.Exists(report => report.IsInvalid) ? AlertRuleConditions.Invalid
            : problems.Exists(report => !report.IsMissing) ? AlertRuleConditions.SourceFailed : AlertRuleConditions.SourceMissing;
        return Condition.False(AlertRuleConditions.Evaluated, reason, message);
    }
}

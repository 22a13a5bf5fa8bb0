using Fleet.ClusterManager.Clusters;
using Fleet.Contracts.Clusters;
using Fleet.Contracts.Conditions;
using static Fleet.Contracts.Clusters.ClusterDeploymentConditions;

namespace Fleet.ClusterManager.Upgrades;

/// <summary>Conditions of upgrades, rollbacks, dry runs and pauses: each exists only while it has something to say. Pure.</summary>
internal static class UpgradeConditionsFrom
{
    public static IReadOnlyList<ConditionType> Owned { get; } = [Upgrading, RolledBack, HelmChartNameChanged, SharedConditions.Paused];

    /// <summary>All but Paused, which says nothing of how the cluster is.</summary>
    public static IEnumerable<Condition> All(ClusterFacts facts, ClusterResults results, ClusterUpgradeStatus? upgrade)
    {
        if (UpgradingOf(facts, results, upgrade) is { } upgrading)
            yield return upgrading;
        if (RolledBackOf(facts, results, upgrade) is { } rolledBack)
            yield return rolledBack;
        if (ChartName(facts, results) is { } chart)
            yield return chart;
    }

    public static Condition? Paused(ClusterFacts facts) =>
        facts.Pause is { } pause ? Condition.True(SharedConditions.Paused, pause.Reason, pause.Text) : null;

    private static Condition? UpgradingOf(ClusterFacts facts, ClusterResults results, ClusterUpgradeStatus? upgrade)
    {
        if (results.HeldBy is { } rule && !facts.IsRolledBack)
            return Condition.False(Upgrading, new(rule.Rule), $"the upgrade to {facts.Object.Spec.Template} is held: {rule.Message}");
        // While a cluster is made for the first time it is not being upgraded.
        if (upgrade?.LastGood is null || facts.Object.Spec.DryRun == true)
            return null;
        var seen = new ConditionSet(facts.Object.Status?.Conditions ?? []).Find(Upgrading);
        var progress = results.Rollout?.Waits is { Length: > 0 } waits ? waits : seen?.Message ?? "";
        return upgrade.Phase switch
        {
            UpgradePhases.ControlPlane or UpgradePhases.Workers => Condition.True(Upgrading, new(upgrade.Phase), progress.Length > 0 ? progress : $"the release is made of {upgrade.Template}"),
            UpgradePhases.Failed => Condition.False(Upgrading, DeadlineExceeded, $"the upgrade does not go on: {progress}"),
            _ => null,
        };
    }

    private static Condition? RolledBackOf(ClusterFacts facts, ClusterResults results, ClusterUpgradeStatus? upgrade)
    {
        if (upgrade is not { Rollback: { } rollback, LastGood.Template: { } good })
            return null;
        var why = $"{rollback.Template} did not work ({rollback.Message})";
        if (results.HeldBy is { } rule)
            return Condition.False(RolledBack, new(rule.Rule), $"{why} and the cluster cannot go back to {good}: {rule.Message}");
        return facts.IsRolledBack && results.ReleaseFailure is null
            ? Condition.True(RolledBack, new(rollback.Reason ?? "Failed"), $"{why}: the cluster is kept at {good} until its spec changes")
            : Condition.False(RolledBack, Reason.Progressing, $"{why}: going back to {good}");
    }

    private static Condition? ChartName(ClusterFacts facts, ClusterResults results)
    {
        if (facts.Object.Spec.DryRun != true)
            return null;
        if (results.DryRun is not { } plan)
            return new ConditionSet(facts.Object.Status?.Conditions ?? []).Find(HelmChartNameChanged);
        return UpgradePlanner.ChartName(plan.From) is { } before && UpgradePlanner.ChartName(plan.To) is { } after && before != after
            ? Condition.True(HelmChartNameChanged, Reason.Succeeded, $"the chart is {after}, the installed one {before}")
            : null;
    }
}

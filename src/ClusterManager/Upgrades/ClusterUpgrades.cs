using Fleet.ClusterManager.Capi;
using Fleet.ClusterManager.Clusters;
using Fleet.Contracts.Upgrades;

namespace Fleet.ClusterManager.Upgrades;

/// <summary>What a reconcile of a cluster does about upgrades: plan, let pass, follow.</summary>
internal static class ClusterUpgrades
{
    /// <summary>What helm would do. HelmException when the chart does not take the values.</summary>
    public static async Task<ClusterUpgradePlan> PlanAsync(ClusterFacts facts, ClusterPlan plan, CapiHost host, CancellationToken ct) =>
        UpgradePlanner.Plan(await UpgradeFactsReader.ReadAsync(facts, plan, host, ct));

    /// <summary>Before helm: the rule that holds the upgrade, or null.</summary>
    public static Task<PlanBlocker?> PassAsync(ClusterFacts facts, ClusterPlan plan, ClusterTurn turn, CancellationToken ct) =>
        UpgradeGate.PassAsync(facts, plan, turn, ct);

    /// <summary>After helm: how far machines are. Also of a release that is held or paused: what was begun goes on, or is at least looked at.</summary>
    public static async Task<RolloutPlan?> FollowAsync(ClusterFacts facts, ClusterPlan plan, ClusterResults results, ClusterTurn turn, CancellationToken ct)
    {
        var deployed = results.ReleaseChanged ? plan.Fingerprint : facts.Release is { IsDeployed: true } record ? record.Fingerprint : null;
        return deployed is null || facts.Object.Spec.DryRun == true ? null : await Rollouts.FollowAsync(facts, deployed, facts.Pause is null, turn, ct);
    }
}

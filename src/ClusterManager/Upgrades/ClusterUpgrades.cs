using Fleet.ClusterManager.Clusters;
using Fleet.Contracts.Upgrades;
using Fleet.Control.Reconciling;

namespace Fleet.ClusterManager.Upgrades;

/// <summary>What a reconcile of a cluster does about upgrades: plan, let pass, follow.</summary>
internal sealed class ClusterUpgrades(UpgradeFactsReader reader, UpgradeGate gate, Rollouts rollouts)
{
    /// <summary>What helm would do. HelmException when the chart does not take the values.</summary>
    public async Task<ClusterUpgradePlan> PlanAsync(ClusterFacts facts, ClusterPlan plan, CancellationToken ct) =>
        UpgradePlanner.Plan(await reader.ReadAsync(facts, plan, ct));

    /// <summary>Before helm: the rule that holds the upgrade, or null.</summary>
    public Task<PlanBlocker?> PassAsync(ClusterFacts facts, ClusterPlan plan, ReconcileRequest request, CancellationToken ct) =>
        gate.PassAsync(facts, plan, request, ct);

    /// <summary>After helm: how far machines are. Also of a release that is held or paused: what was begun goes on, or is at least looked at.</summary>
    public async Task<RolloutPlan?> FollowAsync(ClusterFacts facts, ClusterPlan plan, ClusterResults results, ReconcileRequest request, CancellationToken ct)
    {
        var deployed = results.ReleaseChanged ? plan.Fingerprint : facts.Release is { IsDeployed: true } record ? record.Fingerprint : null;
        return deployed is null || facts.Object.Spec.DryRun == true ? null : await rollouts.FollowAsync(facts, deployed, facts.Pause is null, request, ct);
    }
}

using Fleet.Contracts.Clusters;
using Fleet.Control.Placement;
using Fleet.Helm.Values;

namespace Fleet.ClusterManager.Clusters;

/// <summary>Status of a ClusterDeployment beside its conditions. Pure.</summary>
internal static class ClusterStatusFrom
{
    public static ClusterDeploymentStatus Of(ClusterFacts facts, ClusterPlan plan, ClusterResults results, ClusterUpgradeStatus? upgrade, DateTimeOffset now)
    {
        var seen = facts.Object.Status;
        return new()
        {
            Services = ClusterServices.States(facts, plan.Placement, now),
            ServicesUpgradePaths = ServiceUpgrades.Of(facts.Object.Spec.ServiceSpec?.Services ?? [], facts.OwnServiceSet?.Spec.Services ?? [], facts.Services.Chains),
            AvailableUpgrades = facts.Upgrades is null ? null : [.. facts.Upgrades],
            Upgrade = upgrade,
            DryRunSummary = facts.Object.Spec.DryRun == true ? results.DryRun?.Summary ?? seen?.DryRunSummary : null,
            // What the cluster itself says is worth more than what the template promises.
            K8sVersion = results.Contact.Version ?? seen?.K8sVersion ?? facts.Template?.Status?.K8sVersion,
            Region = facts.IsAway ? seen?.Region : facts.Region?.Name,
            EffectiveTemplate = facts.Template?.Metadata.Key.ToString() ?? seen?.EffectiveTemplate,
            // While something is lacking the release keeps the values that it has.
            EffectiveConfig = facts.Chart is { } chart && !plan.Resolved.Lacking.Any()
                ? ValuesMerge.Effective(chart.Content.Values, plan.Values)
                : seen?.EffectiveConfig?.DeepClone(),
            ObservedGeneration = facts.Object.Metadata.Generation,
        };
    }
}

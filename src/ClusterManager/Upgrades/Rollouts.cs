using Fleet.Control.Grains;
using System.Text.Json.Nodes;
using Fleet.ClusterManager.Capi;
using Fleet.ClusterManager.Clusters;
using Fleet.Contracts;
using Fleet.Contracts.Clusters;
using Fleet.Contracts.Conditions;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Upgrades;

/// <summary>Follows a change of the release through the machines. A cluster whose last change is done is not looked at.</summary>
internal static class Rollouts
{
    /// <summary>Null when there is nothing to follow.</summary>
    public static async Task<RolloutPlan?> FollowAsync(ClusterFacts facts, string fingerprint, bool mayWrite, ClusterTurn turn, CancellationToken ct)
    {
        var upgrade = facts.Object.Status?.Upgrade;
        if (upgrade is { Phase: UpgradePhases.Completed } && upgrade.Fingerprint == fingerprint)
            return null;
        // While a cluster is being made for the first time there is no order to keep.
        if (upgrade?.LastGood is null && !IsMade(facts))
            return null;
        var seen = await ReadAsync(facts, turn.Host.Machines, ct);
        var plan = RolloutPlanner.Plan(seen);
        if (mayWrite)
            await ApplyAsync(plan, turn, ct);
        return plan;
    }

    private static bool IsMade(ClusterFacts facts) =>
        facts.IsAdopted || (facts.Capi is { } cluster && CapiSummary.Of(cluster).Status == ConditionStatus.True);

    private static async Task<RolloutFacts> ReadAsync(ClusterFacts facts, LiveMachinesReader reader, CancellationToken ct)
    {
        var live = await reader.ReadAsync(facts.Capi?.Key ?? facts.Key, ct);
        var kinds = new HashSet<ResourceKind>();
        foreach (var reference in RolloutPlanner.References(live))
            if (await reader.KindOfAsync(reference, ct) is { } kind)
                kinds.Add(kind);
        var superseded = new List<LiveObject>();
        foreach (var kind in kinds)
            superseded.AddRange(await reader.ListAsync(kind, facts.Key.Namespace, $"{FleetLabels.SupersededIn}={facts.Key.Name}", ct));
        return new() { Machines = live, Superseded = superseded };
    }

    private static async Task ApplyAsync(RolloutPlan plan, ClusterTurn turn, CancellationToken ct)
    {
        foreach (var pool in plan.Continue)
            await ContinueAsync(pool, turn, ct);
        foreach (var template in plan.Restore)
            await PatchAsync(template, new()
            {
                ["labels"] = new JsonObject { [FleetLabels.SupersededIn] = null },
                ["annotations"] = new JsonObject { ["helm.sh/resource-policy"] = null },
            }, turn, ct);
        foreach (var template in plan.Delete)
            await DeleteAsync(template, turn, ct);
    }

    /// <summary>
    /// Before a cluster goes: workers that wait for their control plane would be waited for until the deadline, since nothing acts on what is paused, not even on
    /// its deletion.
    /// </summary>
    /// <param name="cluster">The Cluster of Cluster API.</param>
    /// <param name="turn">Of the cluster.</param>
    /// <param name="ct">Ends the work.</param>
    public static async Task LetGoAsync(ObjectKey cluster, ClusterTurn turn, CancellationToken ct)
    {
        foreach (var pool in (await turn.Host.Machines.ReadAsync(cluster, ct)).Pools)
            if (pool.Object.Metadata.Annotations?.ContainsKey(FleetAnnotations.HeldForControlPlane) == true)
                await ContinueAsync(pool, turn, ct);
    }

    private static Task ContinueAsync(LiveObject pool, ClusterTurn turn, CancellationToken ct) => PatchAsync(
        pool, new() { ["annotations"] = new JsonObject { [CapiReader.PausedAnnotation] = null, [FleetAnnotations.HeldForControlPlane] = null } }, turn, ct);

    private static Task DeleteAsync(LiveObject template, ClusterTurn turn, CancellationToken ct) => turn.Host.Client.Dynamic(template.Kind).DeleteFencedAsync(
        template.Object.Key, template.Object.Metadata.Uid, DeleteOptions.Background, turn.Ownership, ct);

    private static Task PatchAsync(LiveObject item, JsonObject metadata, ClusterTurn turn, CancellationToken ct) => turn.Host.Client.Dynamic(item.Kind).PatchFencedAsync(
        item.Object.Key, item.Object.Metadata.Uid, new() { ["metadata"] = metadata }, new() { FieldManager = OwnedObjects.FieldManager }, turn.Ownership, ct);
}

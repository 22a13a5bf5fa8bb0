using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.ControlPlane.Simulation.Pods;
using Fleet.ControlPlane.Simulation.Policies;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.ClusterApi.Core;

/// <summary>What a Machine's deletion waits for, as its Deleting condition says it, and when to look again (null: a change will tell).</summary>
internal readonly record struct DeletionWait(string Reason, string Message, TimeSpan? Again = null);

/// <summary>What happens to a Machine's Node before its infrastructure goes: hooks, cordon, drain. Each part may be waited for.</summary>
internal static class MachineDeletion
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PollHeld = TimeSpan.FromSeconds(2);

    /// <summary>Null when nothing stands against deleting the infrastructure any more.</summary>
    public static async ValueTask<DeletionWait?> PrepareAsync(ManagementScope scope, JsonObject machine, JsonObject? cluster, CancellationToken ct)
    {
        if (Hook(machine, CapiNames.PreDrainHook) is { } drainHook)
            return new("WaitingForPreDrainHook", $"* {drainHook}");
        if (cluster is not null && IsDrained(scope, machine, cluster) && await DrainAsync(scope, machine, cluster, ct) is { } drain)
            return drain;
        return Hook(machine, CapiNames.PreTerminateHook) is { } terminateHook ? new("WaitingForPreTerminateHook", $"* {terminateHook}") : null;
    }

    /// <summary>With the whole cluster, the last of the control plane, or by annotation a Node goes as it is.</summary>
    private static bool IsDrained(ManagementScope scope, JsonObject machine, JsonObject cluster)
    {
        if (cluster.IsDeleting() || machine.Annotation(CapiNames.ExcludeNodeDrainingAnnotation) is not null || !machine.HasNode())
            return false;
        return !machine.IsControlPlaneMachine()
            || scope.MembersOf(cluster.KeyOf(), "Machine").Exists(m => m.IsControlPlaneMachine() && m.NameOf() != machine.NameOf() && !m.IsDeleting());
    }

    private static async ValueTask<DeletionWait?> DrainAsync(ManagementScope scope, JsonObject machine, JsonObject cluster, CancellationToken ct)
    {
        var node = machine.Text("status", "nodeRef", "name")!;
        if (scope.Clusters.Find(scope.Names.Of(cluster.KeyOf())) is not { } api || api.Get(CoreKinds.Node, ObjectKey.Cluster(node)) is null)
            return null;
        if (TimedOut(machine, scope.Now))
            return null;
        await api.ChangeAsync(CoreKinds.Node, ObjectKey.Cluster(node), n => n.Ensure("spec").Put("unschedulable", true), status: false, ct);
        var plan = DrainPlan.Of(node, api.List(CoreKinds.Pod), api.List(CoreKinds.PodDisruptionBudget),
            (space, pods) => DisruptionBudgetReconciler.Expected(api, space, pods), scope.Now);
        if (plan.IsDone)
            return null;
        foreach (var pod in plan.Evict)
            await api.DeleteAsync(CoreKinds.Pod, pod, DeleteOptions.Background, ct);
        var started = Started(machine) ?? scope.Now;
        var lines = plan.Waits.Concat(plan.Evict.Count == 0 ? [] : [$"* {plan.Evict.Count} Pods are being evicted"]);
        return new("DrainingNode", $"Drain not completed yet (started at {started.Rfc3339()}):\n{string.Join('\n', lines)}", plan.Evict.Count > 0 ? Poll : PollHeld);
    }

    /// <summary>When the drain began, as the Machine's status remembers it.</summary>
    public static DateTimeOffset? Started(JsonObject machine) => machine.Time("status", "deletion", "nodeDrainStartTime");

    private static bool TimedOut(JsonObject machine, DateTimeOffset now)
    {
        var limit = machine.Number("spec", "deletion", "nodeDrainTimeoutSeconds") is { } seconds
            ? TimeSpan.FromSeconds(seconds)
            : PodFaults.Duration(machine.Text("spec", "nodeDrainTimeout")) ?? TimeSpan.Zero;
        return limit > TimeSpan.Zero && Started(machine) is { } started && now - started >= limit;
    }

    private static string? Hook(JsonObject machine, string prefix) => machine.Strings("metadata", "annotations").Keys
        .Where(k => k == prefix || k.StartsWith($"{prefix}/", StringComparison.Ordinal)).Order(StringComparer.Ordinal).FirstOrDefault();
}

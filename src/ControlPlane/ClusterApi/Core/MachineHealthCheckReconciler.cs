using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.ClusterApi.Core;

/// <summary>Marks unhealthy Machines, so that their owners replace them: MachineSets at once, control planes as the planner allows.</summary>
internal sealed class MachineHealthCheckReconciler(ResourceKind kind) : CapiReconciler(kind)
{
    private const string SkipRemediation = "cluster.x-k8s.io/skip-remediation";

    protected override async ValueTask<TimeSpan?> ReconcileAsync(ManagementScope scope, JsonObject obj, JsonObject? cluster, CancellationToken ct)
    {
        if (cluster is null || obj.IsDeleting() || cluster.IsDeleting())
            return null;
        scope.Tie(new("Cluster", cluster.KeyOf()), Kind, obj.KeyOf());
        await scope.ChangeAsync(Kind, obj.KeyOf(), c => c.AddOwner(cluster, controller: false) | c.Ensure("metadata", "labels").Put(CapiNames.ClusterLabel, cluster.NameOf()), ct);
        // Before the cluster is up nothing can be told of its Nodes.
        if (!ClusterContract.IsInfrastructureProvisioned(cluster) || !ClusterContract.IsControlPlaneInitialized(cluster))
            return null;
        var nodes = scope.Clusters.Find(scope.Names.Of(cluster.KeyOf()));
        var targets = scope.MembersOf(cluster.KeyOf(), "Machine")
            .Where(m => !m.IsDeleting() && LabelMatch.Matches(obj.Child("spec", "selector"), m.Strings("metadata", "labels"))
                && m.Annotation(SkipRemediation) is null && m.Annotation(CapiNames.PausedAnnotation) is null)
            .Select(m => (Machine: m, Health: MachineHealth.Of(obj, m, m.Text("status", "nodeRef", "name") is { } node ? nodes?.Get(CoreKinds.Node, ObjectKey.Cluster(node)) : null, scope.Now)))
            .ToList();
        var unhealthy = targets.Count(t => !t.Health.IsHealthy);
        var allowed = MachineHealth.MayRemediate(obj, unhealthy, targets.Count);
        foreach (var (machine, health) in targets)
            await MarkAsync(scope, machine, health, allowed, ct);
        await scope.ChangeStatusAsync(Kind, obj.KeyOf(), s => WriteStatus(s, obj, targets.Select(t => t.Machine.NameOf()), unhealthy, allowed, scope.Now), ct);
        return targets.Min(t => t.Health.Again);
    }

    private static async ValueTask MarkAsync(ManagementScope scope, JsonObject machine, MachineHealth health, bool allowed, CancellationToken ct)
    {
        if (health.IsHealthy && machine.FindCondition("HealthCheckSucceeded")?.Text("status") == "True" && machine.FindCondition("OwnerRemediated") is null)
            return;
        await scope.ChangeStatusAsync(scope.Core("Machine"), machine.KeyOf(), s =>
        {
            s.SetCondition(Condition.Of("HealthCheckSucceeded", health.IsHealthy, health.Reason ?? "HealthCheckSucceeded", health.Message ?? ""), scope.Now, machine.Generation());
            if (health.IsHealthy)
                s.RemoveCondition("OwnerRemediated");
            else if (allowed)
                s.SetCondition(Condition.False("OwnerRemediated", "WaitingForRemediation", "Waiting for the Machine's owner to remediate it"), scope.Now, machine.Generation());
        }, ct);
        if (!health.IsHealthy && machine.FindCondition("HealthCheckSucceeded")?.Text("status") != "False")
            await scope.RecordAsync(machine, "Normal", "MachineMarkedUnhealthy", $"Machine {machine.KeyOf()} has been marked as unhealthy: {health.Message}", "machinehealthcheck-controller", ct);
    }

    private static void WriteStatus(JsonObject status, JsonObject check, IEnumerable<string> targets, int unhealthy, bool allowed, DateTimeOffset now)
    {
        var names = targets.Order(StringComparer.Ordinal).ToList();
        status["observedGeneration"] = check.Generation();
        status["expectedMachines"] = names.Count;
        status["currentHealthy"] = names.Count - unhealthy;
        status["remediationsAllowed"] = allowed ? Enumerable.Range(unhealthy, names.Count - unhealthy + 1).TakeWhile(n => MachineHealth.MayRemediate(check, n, names.Count)).Count() - 1 : 0;
        status.Put("targets", new JsonArray([.. names.Select(n => (JsonNode)n)]));
        status.SetCondition(Condition.Of("RemediationAllowed", allowed, allowed ? "RemediationAllowed" : "TooManyUnhealthy",
            allowed ? "" : $"Remediation is not allowed, {unhealthy} of {names.Count} Machines are unhealthy"), now, check.Generation());
    }
}

using System.Text.Json.Nodes;
using Fleet.ControlPlane.ClusterApi.Faults;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.ClusterApi.Providers;

/// <summary>
/// Any provider's machine pool kind, by the InfraMachinePool contract: as many Nodes as the MachinePool has replicas, of its version and machine type.
/// The Nodes themselves (by their label) are the record of what there is.
/// </summary>
internal sealed class InfrastructurePoolReconciler(ResourceKind kind) : CapiReconciler(kind)
{
    private readonly string finalizer = $"{kind.Kind.ToLowerInvariant()}.{kind.Group}";

    protected override async ValueTask<TimeSpan?> ReconcileAsync(ManagementScope scope, JsonObject obj, JsonObject? cluster, CancellationToken ct)
    {
        if (cluster is null || obj.OwnerName("MachinePool") is not { } owner)
            return obj.IsDeleting() ? await ReleaseAsync(scope, obj, ct) : null;
        var workload = scope.Names.Of(cluster.KeyOf());
        var nodes = Nodes(scope, workload, obj);
        if (obj.IsDeleting())
        {
            foreach (var node in nodes)
                await scope.Clusters.RemoveNodeAsync(workload, node.NameOf(), ct);
            return await ReleaseAsync(scope, obj, ct);
        }
        await scope.ChangeAsync(Kind, obj.KeyOf(), i => i.Hold(finalizer), ct);
        if (scope.Api.Get(scope.Core("MachinePool"), new(obj.NamespaceOf(), owner)) is not { } pool)
            return Retry;
        var infrastructureCluster = scope.Get(ContractReference.Read(cluster.Child("spec", "infrastructureRef"), cluster.NamespaceOf())) ?? [];
        var facts = new PoolFacts(obj, pool, cluster, infrastructureCluster);
        var plan = PoolPlan.Of(nodes, pool.Number("spec", "replicas") ?? 1, facts.IsCurrent);
        if (plan.Add > 0 && Blocker(scope, facts) is { } blocker)
        {
            await WriteAsync(scope, obj, nodes, blocker.Reason, blocker.Message, ct);
            return blocker.Again;
        }
        if (plan.Add > 0)
        {
            var left = scope.Steps.Left(obj.Uid(), "boot", ProvisioningFaults.Slowed(obj, cluster, scope.Options.Timings.MachineBoot));
            if (left > TimeSpan.Zero)
            {
                await WriteAsync(scope, obj, nodes, "InstancesBeingCreated", $"{plan.Add} instances are booting", ct);
                return left;
            }
            scope.Steps.Forget(obj.Uid(), "boot");
        }
        await ApplyAsync(scope, workload, facts, plan, ct);
        await WriteAsync(scope, obj, Nodes(scope, workload, obj), null, "", ct);
        // Nodes of a simulated cluster are not watched from here: the next step is looked for.
        return plan.IsDone ? null : TimeSpan.FromMilliseconds(1);
    }

    private static (string Reason, string Message, TimeSpan? Again)? Blocker(ManagementScope scope, PoolFacts facts)
    {
        if (!ClusterContract.IsControlPlaneInitialized(facts.Cluster))
            return ("WaitingForControlPlane", "The cluster's control plane is not initialized yet", null);
        var bootstrap = facts.Pool.Child("spec", "template", "spec", "bootstrap");
        if (bootstrap?.Child("configRef") is not null && bootstrap.Text("dataSecretName") is null)
            return ("WaitingForBootstrapData", "Bootstrap data is not available yet", null);
        if (IdentityCheck.Problem(scope, facts.InfrastructureCluster, facts.Cluster) is { } refused)
            return (refused.Reason, refused.Message, Retry);
        return ProvisioningFaults.Failure(facts.Infrastructure, "ProvisioningFailed") is { } failure ? (failure.Reason, failure.Message, null) : null;
    }

    private static async ValueTask ApplyAsync(ManagementScope scope, string workload, PoolFacts facts, PoolPlan plan, CancellationToken ct)
    {
        foreach (var node in plan.Remove)
            await scope.Clusters.RemoveNodeAsync(workload, node, ct);
        for (var i = 0; i < plan.Add; i++)
            await scope.Clusters.AddNodeAsync(workload, facts.NewNode($"{scope.Api.Revision}/{scope.Now.Ticks}/{i}"), ct);
    }

    private static List<JsonObject> Nodes(ManagementScope scope, string workload, JsonObject obj) =>
        scope.Clusters.Find(workload)?.List(CoreKinds.Node, labelSelector: $"{PoolFacts.InfrastructureLabel}={obj.NameOf()}").ToList() ?? [];

    private async ValueTask WriteAsync(ManagementScope scope, JsonObject obj, List<JsonObject> nodes, string? reason, string message, CancellationToken ct)
    {
        var ids = new JsonArray([.. nodes.Select(n => (JsonNode?)n.Text("spec", "providerID"))]);
        await scope.ChangeAsync(Kind, obj.KeyOf(), o =>
            (ids.Count > 0 || o.At("spec", "providerIDList") is not null) && o.Ensure("spec").Put("providerIDList", ids.DeepClone()), ct);
        await scope.ChangeStatusAsync(Kind, obj.KeyOf(), s =>
        {
            var provisioned = reason is null || obj.Flag("status", "initialization", "provisioned");
            s["ready"] = provisioned;
            if (provisioned)
                s.Ensure("initialization")["provisioned"] = true;
            s["replicas"] = nodes.Count;
            s.SetCondition(Condition.Of("Ready", reason is null, reason ?? "Ready", message), scope.Now, obj.Generation());
        }, ct);
    }

    private async ValueTask<TimeSpan?> ReleaseAsync(ManagementScope scope, JsonObject obj, CancellationToken ct)
    {
        await scope.ChangeAsync(Kind, obj.KeyOf(), i => i.LetGo(finalizer), ct);
        return null;
    }
}

using System.Text.Json.Nodes;
using Fleet.ControlPlane.ClusterApi.Definitions;
using Fleet.ControlPlane.Simulation;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.ClusterApi.Providers;

/// <summary>
/// Any provider's machine kind, by the InfraMachine contract: with an owner, bootstrap data and a provisioned cluster it boots, gets a
/// provider id and addresses, and its Node joins the simulated cluster. Its deletion takes the Node along.
/// </summary>
internal sealed class InfrastructureMachineReconciler(ResourceKind kind) : CapiReconciler(kind)
{
    private readonly string finalizer = $"{kind.Kind.ToLowerInvariant()}.{kind.Group}";

    protected override async ValueTask<TimeSpan?> ReconcileAsync(ManagementScope scope, JsonObject obj, JsonObject? cluster, CancellationToken ct)
    {
        if (obj.IsDeleting())
            return await DeleteAsync(scope, obj, cluster, ct);
        if (cluster is null || obj.OwnerName("Machine") is not { } owner)
            return null;
        if (scope.Api.Get(scope.Core("Machine"), new(obj.NamespaceOf(), owner)) is not { } machine)
            return null;
        var infrastructureCluster = scope.Get(ContractReference.Read(cluster.Child("spec", "infrastructureRef"), cluster.NamespaceOf()));
        var region = infrastructureCluster is null ? "local" : ProviderNames.Region(infrastructureCluster);
        var node = MachineNames.NodeName(Kind.Kind, obj.NameOf(), obj.Uid(), region);
        await scope.ChangeAsync(Kind, obj.KeyOf(), i => i.Hold(finalizer) | i.Ensure("metadata", "annotations").Put(SimulationAnnotations.Node, node), ct);

        if (!obj.Flag("status", "initialization", "provisioned"))
        {
            if (Blocker(scope, obj, machine, cluster, infrastructureCluster) is { } blocker)
                return await WaitAsync(scope, obj, blocker.Reason, blocker.Message, blocker.Again, ct);
            var left = scope.Steps.Left(obj.Uid(), "boot", ProvisioningFaults.Slowed(obj, scope.Options.Timings.MachineBoot));
            if (left > TimeSpan.Zero)
                return await WaitAsync(scope, obj, "InstanceProvisionStarted", "The machine is booting", left, ct);
        }
        var context = new MachineContext(obj, machine, cluster, infrastructureCluster ?? [], node, region);
        await ProvisionAsync(scope, context, ct);
        var joining = scope.Steps.Left(obj.Uid(), "join", scope.Options.Timings.NodeJoin);
        if (joining > TimeSpan.Zero && !obj.IsTrue("NodeRegistered"))
            return joining;
        await scope.Clusters.AddNodeAsync(scope.Names.Of(cluster.KeyOf()), context.ToNode(), ct);
        await scope.ChangeStatusAsync(Kind, obj.KeyOf(), s => s.SetCondition(Condition.True("NodeRegistered", "Registered", node), scope.Now, obj.Generation()), ct);
        return null;
    }

    private static (string Reason, string Message, TimeSpan? Again)? Blocker(
        ManagementScope scope, JsonObject obj, JsonObject machine, JsonObject cluster, JsonObject? infrastructureCluster)
    {
        if (!cluster.Flag("status", "initialization", "infrastructureProvisioned"))
            return ("WaitingForClusterInfrastructure", "The cluster's infrastructure is not provisioned yet", null);
        if (machine.Text("spec", "bootstrap", "dataSecretName") is null)
            return ("WaitingForBootstrapData", "Bootstrap data is not available yet", null);
        if (ProvisioningFaults.Failure(obj) is { } failure)
            return ("InstanceProvisionFailed", failure, null);
        if (infrastructureCluster is null || ProvisioningFaults.MachineQuota(infrastructureCluster) is not { } quota)
            return null;
        var used = scope.Members.Of(cluster.KeyOf()).Count(m => KindRoles.Of(m.Kind.Group, m.Kind.Kind) == KindRole.InfrastructureMachine
            && scope.Api.Get(m.Kind, m.Key)?.Flag("status", "initialization", "provisioned") == true);
        return used >= quota ? ("InstanceProvisionFailed", $"quota exceeded: {used} of {quota} machines are in use", Retry) : null;
    }

    private async ValueTask ProvisionAsync(ManagementScope scope, MachineContext context, CancellationToken ct)
    {
        var obj = context.Infrastructure;
        await scope.ChangeAsync(Kind, obj.KeyOf(), i => i.Text("spec", "providerID") is null && i.Ensure("spec").Put("providerID", context.ProviderId), ct);
        await scope.ChangeStatusAsync(Kind, obj.KeyOf(), s =>
        {
            s["ready"] = true;
            s.Ensure("initialization")["provisioned"] = true;
            s["instanceState"] = "running";
            s["failureDomain"] = context.Zone;
            s.Put("addresses", new JsonArray(
                new JsonObject { ["type"] = "InternalIP", ["address"] = context.Address },
                new JsonObject { ["type"] = "InternalDNS", ["address"] = context.NodeName },
                new JsonObject { ["type"] = "Hostname", ["address"] = context.NodeName }));
            s.SetCondition(Condition.True("InstanceReady", "Ready"), scope.Now, obj.Generation());
            s.SetCondition(Condition.True("Ready", "Ready"), scope.Now, obj.Generation());
        }, ct);
    }

    private async ValueTask<TimeSpan?> WaitAsync(ManagementScope scope, JsonObject obj, string reason, string message, TimeSpan? again, CancellationToken ct)
    {
        await scope.ChangeStatusAsync(Kind, obj.KeyOf(), s =>
        {
            s["ready"] = false;
            s["instanceState"] = "pending";
            s.SetCondition(Condition.False("Ready", reason, message), scope.Now, obj.Generation());
        }, ct);
        return again;
    }

    private async ValueTask<TimeSpan?> DeleteAsync(ManagementScope scope, JsonObject obj, JsonObject? cluster, CancellationToken ct)
    {
        var left = scope.Steps.Left(obj.Uid(), "delete", ProvisioningFaults.Slowed(obj, scope.Options.Timings.Deprovision));
        if (left > TimeSpan.Zero)
            return left;
        if (cluster is not null && obj.Annotation(SimulationAnnotations.Node) is { } node)
            await scope.Clusters.RemoveNodeAsync(scope.Names.Of(cluster.KeyOf()), node, ct);
        foreach (var step in new[] { "boot", "join", "delete" })
            scope.Steps.Forget(obj.Uid(), step);
        await scope.ChangeAsync(Kind, obj.KeyOf(), i => i.LetGo(finalizer), ct);
        return null;
    }
}

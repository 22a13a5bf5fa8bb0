using System.Text.Json.Nodes;
using Fleet.ControlPlane.ClusterApi.Core;
using Fleet.ControlPlane.ClusterApi.Definitions;
using Fleet.ControlPlane.ClusterApi.Faults;
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
        if (cluster is null)
            return null;
        if (obj.OwnerName("Machine") is not { } owner)
            return await AloneAsync(scope, obj, ct);
        if (scope.Api.Get(scope.Core("Machine"), new(obj.NamespaceOf(), owner)) is not { } machine)
            return null;
        var infrastructureCluster = scope.Get(ContractReference.Read(cluster.Child("spec", "infrastructureRef"), cluster.NamespaceOf()));
        var region = infrastructureCluster is null ? "local" : ProviderNames.Region(infrastructureCluster);
        // A machine that came back from a backup has another uid and is the same machine.
        var node = obj.Annotation(SimulationAnnotations.Node) is { Length: > 0 } known ? known : MachineNames.NodeName(Kind.Kind, obj.NameOf(), obj.Uid(), region);
        await scope.ChangeAsync(Kind, obj.KeyOf(), i => i.Hold(finalizer) | i.Ensure("metadata", "annotations").Put(SimulationAnnotations.Node, node), ct);

        if (!obj.Flag("status", "initialization", "provisioned"))
        {
            foreach (var problem in ProvisioningFaults.Problems(obj))
                await scope.RecordAsync(obj, "Warning", "InvalidAnnotation", problem, Source, ct);
            if (Blocker(scope, obj, machine, cluster, infrastructureCluster) is { } blocker)
                return await WaitAsync(scope, obj, blocker.Failure, blocker.Again, ct);
            var left = scope.Steps.Left(obj.Uid(), "boot", ProvisioningFaults.Slowed(obj, cluster, scope.Options.Timings.MachineBoot));
            if (left > TimeSpan.Zero)
                return await WaitAsync(scope, obj, new("InstanceProvisionStarted", "The machine is booting"), left, ct);
        }
        var context = new MachineContext(obj, machine, cluster, infrastructureCluster ?? [], node, region);
        await ProvisionAsync(scope, context, ct);
        var joining = scope.Steps.Left(obj.Uid(), "join", scope.Options.Timings.NodeJoin);
        if (joining > TimeSpan.Zero && !obj.IsTrue("NodeRegistered"))
            return joining;
        await scope.Clusters.AddNodeAsync(scope.Names.Of(cluster.KeyOf()), context.ToNode(), ct);
        await scope.ChangeStatusAsync(Kind, obj.KeyOf(), s => s.SetCondition(Condition.True("NodeRegistered", "Registered", node), scope.Now, obj.Generation()), ct);
        return await FlapAsync(scope, context, ct);
    }

    /// <summary>
    /// The Machine comes a moment after what belongs to it. Whoever makes both may have died between the two and takes another name the next time: then this
    /// one goes, or it would be there until its control plane or its MachineSet goes.
    /// </summary>
    private async ValueTask<TimeSpan?> AloneAsync(ManagementScope scope, JsonObject obj, CancellationToken ct)
    {
        var owners = obj.Items("metadata", "ownerReferences").Select(owner => owner.Text("kind")).ToList();
        if (owners.Count == 0 || scope.Api.Get(scope.Core("Machine"), obj.KeyOf()) is not null)
            return null;
        var left = obj.CreatedAt() + Patience - scope.Now;
        if (left > TimeSpan.Zero)
            return left;
        await scope.RecordAsync(obj, "Normal", "NoMachine", "Its Machine was never made: removed", Source, ct);
        await scope.DeleteAsync(Kind, obj.KeyOf(), ct);
        return null;
    }

    /// <summary>Between a machine and its Machine are milliseconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private string Source => $"{Kind.Kind.ToLowerInvariant()}-controller";

    private static (Failure Failure, TimeSpan? Again)? Blocker(
        ManagementScope scope, JsonObject obj, JsonObject machine, JsonObject cluster, JsonObject? infrastructureCluster)
    {
        if (!ClusterContract.IsInfrastructureProvisioned(cluster))
            return (new("WaitingForClusterInfrastructure", "The cluster's infrastructure is not provisioned yet"), null);
        if (machine.Text("spec", "bootstrap", "dataSecretName") is null)
            return (new("WaitingForBootstrapData", "Bootstrap data is not available yet"), null);
        if (ProvisioningFaults.Failure(obj, "InstanceProvisionFailed") is { } failure)
            return (failure, null);
        if (infrastructureCluster is null)
            return null;
        if (IdentityCheck.Problem(scope, infrastructureCluster, cluster) is { } refused)
            return (refused, Retry);
        if (!machine.IsControlPlaneMachine() && ProvisioningFaults.MachineFailure(infrastructureCluster, cluster, WorkerIndex(scope, obj, cluster)) is { } chosen)
            return (chosen, Retry);
        if (ProvisioningFaults.MachineQuota(infrastructureCluster, cluster) is not { } quota)
            return null;
        // Otherwise workers whose bootstrap data is there at once could take every place before the control plane asks.
        if (!machine.IsControlPlaneMachine() && !ClusterContract.IsControlPlaneInitialized(cluster))
            return (new("WaitingForControlPlane", "Of a limited number of machines the control plane's come first"), Retry);
        var siblings = Siblings(scope, cluster).ToLookup(m => m.Flag("status", "initialization", "provisioned"), m => m.Uid());
        var (granted, used) = scope.Slots.Take(cluster.KeyOf(), obj.Uid(), quota, siblings[true].ToHashSet(StringComparer.Ordinal),
            siblings.SelectMany(s => s).ToHashSet(StringComparer.Ordinal));
        return granted ? null : (new("InstanceProvisionFailed", $"quota exceeded: {used} of {quota} machines are in use"), Retry);
    }

    private static IEnumerable<JsonObject> Siblings(ManagementScope scope, JsonObject cluster) => scope.Members.Of(cluster.KeyOf())
        .Where(m => KindRoles.Of(m.Kind.Group, m.Kind.Kind) == KindRole.InfrastructureMachine)
        .Select(m => scope.Api.Get(m.Kind, m.Key)).OfType<JsonObject>();

    private static int WorkerIndex(ManagementScope scope, JsonObject obj, JsonObject cluster) => Siblings(scope, cluster)
        .Where(m => m.Label(CapiNames.ControlPlaneLabel) is null)
        .OrderBy(m => m.CreatedAt()).ThenBy(m => m.NameOf(), StringComparer.Ordinal)
        .TakeWhile(m => m.Uid() != obj.Uid()).Count();

    /// <summary>Lets the node lose and find its kubelet in turns; the machine's own status shows which, so that its Machine looks again.</summary>
    private async ValueTask<TimeSpan?> FlapAsync(ManagementScope scope, MachineContext context, CancellationToken ct)
    {
        var obj = context.Infrastructure;
        var flapping = ProvisioningFaults.Flapping(obj, context.Machine.IsControlPlaneMachine() ? null : context.Cluster);
        var (up, left) = flapping is { } times ? NodeFlapping.At(obj.CreatedAt(), times.Up, times.Down, scope.Now) : (true, (TimeSpan?)null);
        if (!up || obj.FindCondition("NodeResponding") is not null)
        {
            await scope.Clusters.ChangeNodeStatusAsync(scope.Names.Of(context.Cluster.KeyOf()), context.NodeName, n => NodeFlapping.Write(n, up, scope.Now), ct);
            await scope.Clusters.ChangeNodeAsync(scope.Names.Of(context.Cluster.KeyOf()), context.NodeName, n => NodeFlapping.Taint(n, up, scope.Now), ct);
            await scope.ChangeStatusAsync(Kind, obj.KeyOf(), s => s.SetCondition(
                Condition.Of("NodeResponding", up, up ? "KubeletReady" : "NodeStatusUnknown", up ? "" : "The kubelet stopped posting node status"), scope.Now, obj.Generation()), ct);
        }
        return left;
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
            s.SetCondition(Condition.False("Paused", "NotPaused"), scope.Now, obj.Generation());
            s["failureDomain"] = context.Zone;
            s.Put("addresses", new JsonArray(
                new JsonObject { ["type"] = "InternalIP", ["address"] = context.Address },
                new JsonObject { ["type"] = "InternalDNS", ["address"] = context.NodeName },
                new JsonObject { ["type"] = "Hostname", ["address"] = context.NodeName }));
            s.SetCondition(Condition.True("InstanceReady", "Ready"), scope.Now, obj.Generation());
            s.SetCondition(Condition.True("Ready", "Ready"), scope.Now, obj.Generation());
        }, ct);
    }

    private async ValueTask<TimeSpan?> WaitAsync(ManagementScope scope, JsonObject obj, Failure failure, TimeSpan? again, CancellationToken ct)
    {
        await scope.ChangeStatusAsync(Kind, obj.KeyOf(), s =>
        {
            // What is provisioned stays so: the contract forbids taking it back.
            s["ready"] ??= false;
            s["instanceState"] ??= "pending";
            s.WriteTerminal(failure);
            s.SetCondition(Condition.False("Ready", failure.Reason, failure.Message), scope.Now, obj.Generation());
        }, ct);
        if (IsTrouble(failure) && obj.FindCondition("Ready")?.Text("message") != failure.Message)
            await scope.RecordAsync(obj, "Warning", failure.Reason, failure.Message, Source, ct);
        return again;
    }

    private static bool IsTrouble(Failure failure) => failure.Reason is not ("InstanceProvisionStarted" or "WaitingForClusterInfrastructure" or "WaitingForBootstrapData" or "WaitingForControlPlane");

    private async ValueTask<TimeSpan?> DeleteAsync(ManagementScope scope, JsonObject obj, JsonObject? cluster, CancellationToken ct)
    {
        if (DeletionBlocker(scope, obj, cluster) is { } blocker)
            return await WaitAsync(scope, obj, blocker, Retry, ct);
        var left = scope.Steps.Left(obj.Uid(), "delete", ProvisioningFaults.Slowed(obj, cluster, scope.Options.Timings.Deprovision));
        if (left > TimeSpan.Zero)
        {
            await scope.ChangeStatusAsync(Kind, obj.KeyOf(), s =>
            {
                s["instanceState"] = "shutting-down";
                s.SetCondition(Condition.False("Ready", "Deleting", "The machine is being deleted"), scope.Now, obj.Generation());
            }, ct);
            return left;
        }
        if (cluster is not null && obj.Annotation(SimulationAnnotations.Node) is { } node)
            await scope.Clusters.RemoveNodeAsync(scope.Names.Of(cluster.KeyOf()), node, ct);
        foreach (var step in new[] { "boot", "join", "delete" })
            scope.Steps.Forget(obj.Uid(), step);
        await scope.ChangeAsync(Kind, obj.KeyOf(), i => i.LetGo(finalizer), ct);
        return null;
    }

    private static Failure? DeletionBlocker(ManagementScope scope, JsonObject obj, JsonObject? cluster)
    {
        if (ProvisioningFaults.DeletionFailure(obj) is { } message)
            return new("DeletionFailed", message);
        // What was never made needs no credentials to be deleted.
        if (cluster is null || !obj.Flag("status", "initialization", "provisioned"))
            return null;
        return scope.Get(ContractReference.Read(cluster.Child("spec", "infrastructureRef"), cluster.NamespaceOf())) is { } infrastructureCluster
            ? IdentityCheck.Problem(scope, infrastructureCluster, cluster)
            : null;
    }
}

using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.ClusterApi.Core;

/// <summary>Ties a MachinePool to its infrastructure pool.</summary>
internal sealed class MachinePoolReconciler(ResourceKind kind) : CapiReconciler(kind)
{
    protected override async ValueTask<TimeSpan?> ReconcileAsync(ManagementScope scope, JsonObject obj, JsonObject? cluster, CancellationToken ct)
    {
        var reference = ContractReference.Read(obj.Child("spec", "template", "spec", "infrastructureRef"), obj.NamespaceOf());
        if (reference is not { } known || scope.KindOf(known) is not { } infrastructureKind)
            return obj.IsDeleting() ? await ReleaseAsync(scope, obj, ct) : Retry;
        scope.Tie(new("MachinePool", obj.KeyOf()), infrastructureKind, known.Key);
        if (obj.IsDeleting())
        {
            if (scope.Get(known) is { } left && !left.IsDeleting())
                await scope.DeleteAsync(infrastructureKind, known.Key, ct);
            return scope.Get(known) is null ? await ReleaseAsync(scope, obj, ct) : null;
        }
        if (cluster is null)
            return Retry;
        await scope.ChangeAsync(Kind, obj.KeyOf(), p =>
            p.Hold(CapiNames.MachinePoolFinalizer) | p.AddOwner(cluster, controller: false)
            | p.Ensure("metadata", "labels").Put(CapiNames.ClusterLabel, cluster.NameOf()), ct);
        var infrastructure = await scope.ChangeAsync(infrastructureKind, known.Key, i =>
            i.AddOwner(obj, controller: true) | i.Ensure("metadata", "labels").Put(CapiNames.ClusterLabel, cluster.NameOf()), ct);
        if (infrastructure is null)
            return Retry;
        var bootstrap = await AdoptBootstrapAsync(scope, obj, cluster, ct);
        if (infrastructure.At("spec", "providerIDList") is JsonArray ids)
            await scope.ChangeAsync(Kind, obj.KeyOf(), p => p.Ensure("spec").Put("providerIDList", ids.DeepClone()), ct);
        if (bootstrap is not null && MachineStatus.IsReady(bootstrap, "dataSecretCreated") && bootstrap.Text("status", "dataSecretName") is { } secret)
            await scope.ChangeAsync(Kind, obj.KeyOf(), p => p.Ensure("spec", "template", "spec", "bootstrap").Put("dataSecretName", secret), ct);
        var nodes = NodesOf(scope, cluster, infrastructure);
        await scope.ChangeStatusAsync(Kind, obj.KeyOf(), s => WriteStatus(s, obj, infrastructure, bootstrap, nodes, scope.Now), ct);
        return null;
    }

    private static async ValueTask<JsonObject?> AdoptBootstrapAsync(ManagementScope scope, JsonObject pool, JsonObject cluster, CancellationToken ct)
    {
        if (ContractReference.Read(pool.Child("spec", "template", "spec", "bootstrap", "configRef"), pool.NamespaceOf()) is not { } config || scope.KindOf(config) is not { } kind)
            return null;
        scope.Tie(new("MachinePool", pool.KeyOf()), kind, config.Key);
        return await scope.ChangeAsync(kind, config.Key, c =>
            c.AddOwner(pool, controller: true) | c.Ensure("metadata", "labels").Put(CapiNames.ClusterLabel, cluster.NameOf()), ct);
    }

    private static List<JsonObject> NodesOf(ManagementScope scope, JsonObject cluster, JsonObject infrastructure)
    {
        var ids = infrastructure.Texts("spec", "providerIDList").ToHashSet(StringComparer.Ordinal);
        return ids.Count == 0 ? [] : scope.Clusters.Find(scope.Names.Of(cluster.KeyOf()))?.List(CoreKinds.Node)
            .Where(n => ids.Contains(n.Text("spec", "providerID") ?? "")).ToList() ?? [];
    }

    private static void WriteStatus(JsonObject status, JsonObject pool, JsonObject infrastructure, JsonObject? bootstrap, List<JsonObject> nodes, DateTimeOffset now)
    {
        var wanted = pool.Number("spec", "replicas") ?? 1;
        var provisioned = MachineStatus.IsReady(infrastructure, "provisioned");
        var count = provisioned ? infrastructure.Number("status", "replicas") ?? 0 : 0;
        var readyNodes = nodes.Count(n => n.IsTrue("Ready"));
        var version = pool.Text("spec", "template", "spec", "version");
        var current = nodes.Count(n => version is null || n.Text("status", "nodeInfo", "kubeletVersion") == Providers.MachineContext.Version(version));
        var named = pool.Text("spec", "template", "spec", "bootstrap", "dataSecretName") is not null;
        var bootstrapped = pool.Child("spec", "template", "spec", "bootstrap", "configRef") is null || named || (bootstrap is not null && MachineStatus.IsReady(bootstrap, "dataSecretCreated"));
        ReplicaCounts.Write(status, count, readyNodes, readyNodes, current);
        status["observedGeneration"] = pool.Generation();
        status.Ensure("initialization")["infrastructureProvisioned"] = provisioned;
        status.Ensure("initialization")["bootstrapDataSecretCreated"] = bootstrapped;
        status.Put("nodeRefs", nodes.Select(n => new JsonObject { ["kind"] = "Node", ["apiVersion"] = "v1", ["name"] = n.NameOf(), ["uid"] = n.Uid() }).ToJson());
        var ready = provisioned && count == wanted && readyNodes == wanted;
        status["phase"] = !bootstrapped ? "Pending" : !provisioned ? "Provisioning" : count < wanted ? "ScalingUp" : count > wanted ? "ScalingDown" : "Running";
        var message = infrastructure.FindCondition("Ready")?.Text("message") ?? "";
        status.SetCondition(Condition.Of("BootstrapConfigReady", bootstrapped, bootstrapped ? "Ready" : "NotReady", bootstrapped ? "" : "Bootstrap data is not available yet"), now, pool.Generation());
        status.SetCondition(Condition.Of("InfrastructureReady", provisioned, provisioned ? "Ready" : "NotReady", provisioned ? "" : message), now, pool.Generation());
        status.SetCondition(Condition.Of("Available", ready, ready ? "Available" : "NotAvailable",
            ready ? "" : message.Length > 0 ? message : $"{readyNodes} of {wanted} replicas are available"), now, pool.Generation());
        status.SetCondition(Condition.Of("RollingOut", current < count, current < count ? "RollingOut" : "NotRollingOut"), now, pool.Generation());
        DeprecatedConditions.Write(status, now, Condition.Of("Ready", ready, ready ? "" : "WaitingForInfrastructure"));
    }

    private async ValueTask<TimeSpan?> ReleaseAsync(ManagementScope scope, JsonObject pool, CancellationToken ct)
    {
        await scope.ChangeAsync(Kind, pool.KeyOf(), p => p.LetGo(CapiNames.MachinePoolFinalizer), ct);
        return null;
    }
}

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
        var bootstrap = ContractReference.Read(obj.Child("spec", "template", "spec", "bootstrap", "configRef"), obj.NamespaceOf());
        if (bootstrap is { } config && scope.KindOf(config) is { } configKind)
            await scope.ChangeAsync(configKind, config.Key, c =>
                c.AddOwner(obj, controller: true) | c.Ensure("metadata", "labels").Put(CapiNames.ClusterLabel, cluster.NameOf()), ct);
        if (infrastructure.At("spec", "providerIDList") is JsonArray ids)
            await scope.ChangeAsync(Kind, obj.KeyOf(), p => p.Ensure("spec").Put("providerIDList", ids.DeepClone()), ct);
        await scope.ChangeStatusAsync(Kind, obj.KeyOf(), s => WriteStatus(s, obj, infrastructure, scope.Now), ct);
        return null;
    }

    private static void WriteStatus(JsonObject status, JsonObject pool, JsonObject infrastructure, DateTimeOffset now)
    {
        var wanted = pool.Number("spec", "replicas") ?? 1;
        var provisioned = MachineStatus.IsReady(infrastructure, "provisioned");
        var count = provisioned ? infrastructure.Number("status", "replicas") ?? 0 : 0;
        ReplicaCounts.Write(status, count, count, count, count);
        status["observedGeneration"] = pool.Generation();
        status.Ensure("initialization")["infrastructureProvisioned"] = provisioned;
        status.Ensure("initialization")["bootstrapDataSecretCreated"] = true;
        status["phase"] = !provisioned ? "Provisioning" : count < wanted ? "ScalingUp" : count > wanted ? "ScalingDown" : "Running";
        var ready = provisioned && count == wanted;
        status.SetCondition(Condition.Of("InfrastructureReady", provisioned, provisioned ? "Ready" : "NotReady",
            provisioned ? "" : infrastructure.FindCondition("Ready")?.Text("message") ?? ""), now, pool.Generation());
        status.SetCondition(Condition.Of("Available", ready, ready ? "Available" : "NotAvailable"), now, pool.Generation());
        DeprecatedConditions.Write(status, now, Condition.Of("Ready", ready, ready ? "" : "WaitingForInfrastructure"));
    }

    private async ValueTask<TimeSpan?> ReleaseAsync(ManagementScope scope, JsonObject pool, CancellationToken ct)
    {
        await scope.ChangeAsync(Kind, pool.KeyOf(), p => p.LetGo(CapiNames.MachinePoolFinalizer), ct);
        return null;
    }
}

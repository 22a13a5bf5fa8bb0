using System.Text.Json.Nodes;
using Fleet.ControlPlane.ClusterApi.Definitions;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.ClusterApi.Core;

/// <summary>Ties a Cluster to its infrastructure and control plane, sums up its parts, and takes it down in upstream's order.</summary>
internal sealed class ClusterReconciler(ResourceKind kind) : CapiReconciler(kind)
{
    protected override async ValueTask<TimeSpan?> ReconcileAsync(ManagementScope scope, JsonObject obj, JsonObject? cluster, CancellationToken ct)
    {
        if (obj.IsDeleting())
            return await DeleteAsync(scope, obj, ct);
        var key = obj.KeyOf();
        await scope.ChangeAsync(Kind, key, c => c.Hold(CapiNames.ClusterFinalizer), ct);
        var infrastructure = await AdoptAsync(scope, obj, Reference(obj, "infrastructureRef"), ct);
        var controlPlane = await AdoptAsync(scope, obj, Reference(obj, "controlPlaneRef"), ct);
        await CopyEndpointAsync(scope, obj, infrastructure, controlPlane, ct);

        var state = ClusterState.Read(scope, obj, infrastructure, controlPlane);
        if (controlPlane is null && state.Initialized)
            await ClusterSecrets.EnsureAsync(scope, obj, obj, ct);
        await scope.ChangeStatusAsync(Kind, key, s => ClusterStatus.Write(s, obj, state, scope.Now), ct);
        var lacks = (infrastructure is null && Reference(obj, "infrastructureRef") is not null)
            || (controlPlane is null && Reference(obj, "controlPlaneRef") is not null);
        return lacks ? Retry : null;
    }

    private static ContractReference? Reference(JsonObject cluster, string field) => ContractReference.Read(cluster.Child("spec", field), cluster.NamespaceOf());

    private static async ValueTask<JsonObject?> AdoptAsync(ManagementScope scope, JsonObject cluster, ContractReference? reference, CancellationToken ct)
    {
        if (reference is not { } known || scope.KindOf(known) is not { } kind)
            return null;
        scope.RememberOwner(new(known.Kind, known.Key), new("Cluster", cluster.KeyOf()));
        scope.Members.Add(cluster.KeyOf(), kind, known.Key);
        return await scope.ChangeAsync(kind, known.Key, o =>
            o.AddOwner(cluster, controller: true) | o.Ensure("metadata", "labels").Put(CapiNames.ClusterLabel, cluster.NameOf()), ct);
    }

    private async ValueTask CopyEndpointAsync(
        ManagementScope scope, JsonObject cluster, JsonObject? infrastructure, JsonObject? controlPlane, CancellationToken ct)
    {
        if (cluster.Text("spec", "controlPlaneEndpoint", "host") is { Length: > 0 })
            return;
        var source = infrastructure is not null && MachineStatus.IsReady(infrastructure, "provisioned") ? infrastructure.Child("spec", "controlPlaneEndpoint") : null;
        source ??= controlPlane?.Child("spec", "controlPlaneEndpoint");
        if (source?.Text("host") is { Length: > 0 })
            await scope.ChangeAsync(Kind, cluster.KeyOf(), c => c.Ensure("spec").Put("controlPlaneEndpoint", source.DeepClone()), ct);
    }

    private async ValueTask<TimeSpan?> DeleteAsync(ManagementScope scope, JsonObject cluster, CancellationToken ct)
    {
        var key = cluster.KeyOf();
        foreach (var (what, members) in Layers(scope, cluster))
        {
            if (members.Count == 0)
                continue;
            foreach (var (memberKind, obj) in members.Where(m => !m.Object.IsDeleting()))
                await scope.DeleteAsync(memberKind, obj.KeyOf(), ct);
            await scope.ChangeStatusAsync(Kind, key, s =>
            {
                s["phase"] = "Deleting";
                s.SetCondition(Condition.True("Deleting", $"WaitingFor{what}Deletion",
                    $"* {string.Join(", ", members.Take(3).Select(m => $"{m.Kind.Kind} {m.Object.NameOf()}{MachineReconciler.Why(m.Object)}"))}"), scope.Now, cluster.Generation());
                s.SetCondition(Condition.False("Available", "NotAvailable", "* Deleting: Cluster deletion in progress"), scope.Now, cluster.Generation());
            }, ct);
            return Retry;
        }
        // Ended with its infrastructure already, unless that is somebody else's.
        if (scope.Clusters.Find(scope.Names.Of(key)) is not null)
            scope.Clusters.Remove(scope.Names.Of(key));
        scope.Members.RemoveCluster(key);
        scope.Names.Release(key);
        scope.Slots.Forget(key);
        await scope.ChangeAsync(Kind, key, c => c.LetGo(CapiNames.ClusterFinalizer), ct);
        return null;
    }

    /// <summary>What goes in which order: workers, control plane, stray machines, infrastructure.</summary>
    private static IEnumerable<(string What, List<(ResourceKind Kind, JsonObject Object)> Members)> Layers(ManagementScope scope, JsonObject cluster)
    {
        var all = scope.Members.Of(cluster.KeyOf()).Select(m => (m.Kind, Object: scope.Api.Get(m.Kind, m.Key)!)).Where(m => m.Object is not null).ToList();
        var role = all.ToLookup(m => KindRoles.Of(m.Kind.Group, m.Kind.Kind));
        var stray = role[KindRole.Machine].Where(m => m.Object.Controller()?.Text("kind") is null or "Cluster").ToList();
        yield return ("Workers", [.. role[KindRole.MachineDeployment], .. role[KindRole.MachinePool],
            .. role[KindRole.MachineSet].Where(s => s.Object.Controller() is null), .. stray.Where(m => !m.Object.IsControlPlaneMachine())]);
        yield return ("Workers", [.. role[KindRole.Machine].Where(m => !m.Object.IsControlPlaneMachine())]);
        yield return ("ControlPlane", [.. Referenced(scope, cluster, "controlPlaneRef")]);
        yield return ("ControlPlane", [.. role[KindRole.Machine]]);
        yield return ("Infrastructure", [.. Referenced(scope, cluster, "infrastructureRef")]);
    }

    private static IEnumerable<(ResourceKind, JsonObject)> Referenced(ManagementScope scope, JsonObject cluster, string field)
    {
        if (Reference(cluster, field) is { } reference && scope.KindOf(reference) is { } kind && scope.Api.Get(kind, reference.Key) is { } obj)
            yield return (kind, obj);
    }
}

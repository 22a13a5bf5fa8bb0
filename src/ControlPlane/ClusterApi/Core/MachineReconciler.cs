using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.ClusterApi.Core;

/// <summary>Ties a Machine to its bootstrap data, its infrastructure and its Node.</summary>
internal sealed class MachineReconciler(ResourceKind kind) : CapiReconciler(kind)
{
    protected override async ValueTask<TimeSpan?> ReconcileAsync(ManagementScope scope, JsonObject obj, JsonObject? cluster, CancellationToken ct)
    {
        var key = obj.KeyOf();
        if (obj.IsDeleting())
            return await DeleteAsync(scope, obj, cluster, ct);
        if (cluster is null)
            return Retry;
        if (!obj.IsHeldBy(CapiNames.MachineFinalizer) || obj.Label(CapiNames.ClusterLabel) is null)
            await scope.ChangeAsync(Kind, key, m =>
                m.Hold(CapiNames.MachineFinalizer) | m.Ensure("metadata", "labels").Put(CapiNames.ClusterLabel, cluster.NameOf()), ct);

        var infrastructure = await AdoptAsync(scope, obj, ContractReference.Read(obj.Child("spec", "infrastructureRef"), key.Namespace), ct);
        var bootstrap = await AdoptAsync(scope, obj, ContractReference.Read(obj.Child("spec", "bootstrap", "configRef"), key.Namespace), ct);
        var facts = MachineStatus.Read(scope, obj, cluster, infrastructure, bootstrap);
        await scope.ChangeAsync(Kind, key, m => CopyToSpec(m, facts), ct);
        await scope.ChangeStatusAsync(Kind, key, s => MachineStatus.Write(s, obj, facts, scope.Now), ct);
        if (facts.Node is { } node && NodeLabels.Write((JsonObject)node.DeepClone(), obj))
            await scope.Clusters.ChangeNodeAsync(scope.Names.Of(cluster.KeyOf()), node.NameOf(), n => NodeLabels.Write(n, obj), ct);
        return infrastructure is null ? Retry : null;
    }

    private static bool CopyToSpec(JsonObject machine, MachineState facts)
    {
        var spec = machine.Ensure("spec");
        var changed = facts.ProviderId is { } id && spec.Put("providerID", id);
        changed |= facts.FailureDomain is { } zone && spec["failureDomain"] is null && spec.Put("failureDomain", zone);
        return changed | (facts.DataSecretName is { } secret && spec.Ensure("bootstrap").Put("dataSecretName", secret));
    }

    private static async ValueTask<JsonObject?> AdoptAsync(ManagementScope scope, JsonObject machine, ContractReference? reference, CancellationToken ct)
    {
        if (reference is not { } known || scope.KindOf(known) is not { } kind)
            return null;
        scope.Tie(new("Machine", machine.KeyOf()), kind, known.Key);
        return await scope.ChangeAsync(kind, known.Key, o =>
        {
            // The owner of the template's clone (a MachineSet, a control plane) gives way to the Machine.
            var changed = false;
            if (o.Controller()?.Text("uid") != machine.Uid())
            {
                o.Ensure("metadata")["ownerReferences"] = new JsonArray(Ownership.ReferenceTo(machine));
                changed = true;
            }
            foreach (var label in new[] { CapiNames.ClusterLabel, CapiNames.ControlPlaneLabel, CapiNames.DeploymentLabel })
            {
                var value = label == CapiNames.ClusterLabel ? machine.Text("spec", "clusterName") : machine.Label(label);
                changed |= value is not null && o.Ensure("metadata", "labels").Put(label, value);
            }
            return changed;
        }, ct);
    }

    private async ValueTask<TimeSpan?> DeleteAsync(ManagementScope scope, JsonObject machine, JsonObject? cluster, CancellationToken ct)
    {
        var key = machine.KeyOf();
        if (await MachineDeletion.PrepareAsync(scope, machine, cluster, ct) is { } wait)
        {
            await WriteDeletingAsync(scope, machine, wait, ct);
            return wait.Again;
        }
        var blocker = await DeleteDependentAsync(scope, machine, ContractReference.Read(machine.Child("spec", "infrastructureRef"), key.Namespace), ct)
            ?? await DeleteDependentAsync(scope, machine, ContractReference.Read(machine.Child("spec", "bootstrap", "configRef"), key.Namespace), ct);
        if (blocker is { } known)
        {
            var layer = known.Group.StartsWith("bootstrap", StringComparison.Ordinal) ? "Bootstrap" : "Infrastructure";
            await WriteDeletingAsync(scope, machine, new($"WaitingFor{layer}Deletion", $"Machine deletion in progress: waiting for {known} to be deleted{Why(scope.Get(known))}"), ct);
            return null;
        }
        if (cluster is not null && machine.Text("status", "nodeRef", "name") is { } node)
            await scope.Clusters.RemoveNodeAsync(scope.Names.Of(cluster.KeyOf()), node, ct);
        scope.Untie(new("Machine", key));
        await scope.ChangeAsync(Kind, key, m => m.LetGo(CapiNames.MachineFinalizer), ct);
        return null;
    }

    /// <summary>What a part says about its own deletion, so that a refusal of the cloud is seen where users look.</summary>
    internal static string Why(JsonObject? part) =>
        part?.FindCondition("Ready") is { } ready && ready.Text("status") == "False" && ready.Text("message") is { Length: > 0 } message ? $": {message}" : "";

    private async ValueTask WriteDeletingAsync(ManagementScope scope, JsonObject machine, DeletionWait wait, CancellationToken ct) =>
        await scope.ChangeStatusAsync(Kind, machine.KeyOf(), s =>
        {
            s["phase"] = "Deleting";
            if (wait.Reason == "DrainingNode" && MachineDeletion.Started(machine) is null)
                s.Ensure("deletion")["nodeDrainStartTime"] = scope.Now.Rfc3339();
            s.SetCondition(Condition.True("Deleting", wait.Reason, wait.Message), scope.Now, machine.Generation());
            s.SetCondition(Condition.False("Ready", "Deleting", "* Deleting: Machine deletion in progress"), scope.Now, machine.Generation());
            s.SetCondition(Condition.False("Available", "NotReady"), scope.Now, machine.Generation());
        }, ct);

    private static async ValueTask<ContractReference?> DeleteDependentAsync(
        ManagementScope scope, JsonObject machine, ContractReference? reference, CancellationToken ct)
    {
        if (reference is not { } known || scope.Get(known) is not { } obj)
            return null;
        scope.RememberOwner(new(known.Kind, known.Key), new("Machine", machine.KeyOf()));
        if (!obj.IsDeleting())
            await scope.DeleteAsync(scope.KindOf(known)!, known.Key, ct);
        return scope.Get(known) is null ? null : known;
    }
}

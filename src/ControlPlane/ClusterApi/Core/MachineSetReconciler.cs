using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.ClusterApi.Core;

/// <summary>Keeps a MachineSet's Machines at their number.</summary>
internal sealed class MachineSetReconciler(ResourceKind kind) : CapiReconciler(kind)
{
    protected override async ValueTask<TimeSpan?> ReconcileAsync(ManagementScope scope, JsonObject obj, JsonObject? cluster, CancellationToken ct)
    {
        if (cluster is null)
            return obj.IsDeleting() ? await ReleaseAsync(scope, obj, ct) : Retry;
        var machines = scope.MembersOf(cluster.KeyOf(), "Machine").Where(m => m.IsControlledBy(obj)).ToList();
        if (obj.IsDeleting())
            return machines.Count == 0 ? await ReleaseAsync(scope, obj, ct) : await DeleteAsync(scope, machines, ct);
        await scope.ChangeAsync(Kind, obj.KeyOf(), s =>
            s.Hold(CapiNames.MachineSetFinalizer) | s.Ensure("metadata", "labels").Put(CapiNames.ClusterLabel, cluster.NameOf())
            | (s.Controller() is null && s.AddOwner(cluster, controller: false)), ct);

        var active = machines.Where(m => !m.IsDeleting()).ToList();
        var wanted = obj.Number("spec", "replicas") ?? 1;
        var complete = true;
        var creates = obj.Annotation(CapiNames.DisableMachineCreateAnnotation) is null;
        foreach (var broken in active.Where(m => m.FindCondition("OwnerRemediated")?.Text("status") == "False"))
            await scope.DeleteAsync(scope.Core("Machine"), broken.KeyOf(), ct);
        foreach (var machine in active.Where(m => InPlaceFields.ToMachine((JsonObject)m.DeepClone(), obj)))
            await scope.ChangeAsync(scope.Core("Machine"), machine.KeyOf(), m => InPlaceFields.ToMachine(m, obj), ct);
        for (var i = active.Count; i < wanted && complete && creates; i++)
            complete = await MachineFactory.CreateAsync(scope, Request(scope, obj, cluster), ct);
        foreach (var surplus in Surplus(active, wanted, Order(obj)))
            await scope.DeleteAsync(scope.Core("Machine"), surplus, ct);
        await scope.ChangeStatusAsync(Kind, obj.KeyOf(), s => WriteStatus(s, obj, active, complete, scope.Now), ct);
        return complete ? null : Retry;
    }

    /// <summary>
    /// Marked machines go first, then those without a node, then those that are not ready, then by the order: Newest (also for Random, which may be any) or Oldest.
    /// </summary>
    internal static IEnumerable<ObjectKey> Surplus(IReadOnlyList<JsonObject> active, int wanted, string order)
    {
        var first = active
            .OrderByDescending(m => m.Annotation(CapiNames.DeleteMachineAnnotation) is not null)
            .ThenBy(m => m.HasNode())
            .ThenBy(m => m.IsMachineReady());
        var all = order == "Oldest" ? first.ThenBy(m => m.CreatedAt()) : first.ThenByDescending(m => m.CreatedAt());
        return all.ThenByDescending(m => m.NameOf(), StringComparer.Ordinal).Take(Math.Max(0, active.Count - wanted)).Select(m => m.KeyOf());
    }

    private static string Order(JsonObject set) => set.Text("spec", "deletion", "order") ?? set.Text("spec", "deletePolicy") ?? "Random";

    private static MachineRequest Request(ManagementScope scope, JsonObject set, JsonObject cluster)
    {
        var spec = set.Child("spec", "template", "spec") ?? [];
        var labels = set.Strings("spec", "template", "metadata", "labels");
        labels[CapiNames.ClusterLabel] = cluster.NameOf();
        labels[CapiNames.SetLabel] = set.NameOf();
        if (set.Label(CapiNames.DeploymentLabel) is { } deployment)
            labels[CapiNames.DeploymentLabel] = deployment;
        return new($"{set.NameOf()}-{StableHash.Suffix($"{set.Uid()}/{scope.Api.Revision}/{scope.Now.Ticks}", 5)}", set, cluster, labels)
        {
            InfrastructureTemplate = ContractReference.Read(spec.Child("infrastructureRef"), set.NamespaceOf()) ?? default,
            BootstrapTemplate = ContractReference.Read(spec.Child("bootstrap", "configRef"), set.NamespaceOf()),
            DataSecretName = spec.Text("bootstrap", "dataSecretName"),
            Version = spec.Text("version"),
            FailureDomain = spec.Text("failureDomain"),
            Annotations = set.Strings("spec", "template", "metadata", "annotations"),
            Deletion = InPlaceFields.Deletion(spec),
        };
    }

    private static void WriteStatus(JsonObject status, JsonObject set, List<JsonObject> active, bool complete, DateTimeOffset now)
    {
        var wanted = set.Number("spec", "replicas") ?? 1;
        var generation = set.Generation();
        ReplicaCounts.Write(status, active, active.Count(m => m.IsTrue("UpToDate")));
        status["observedGeneration"] = generation;
        status["selector"] = LabelMatch.ToText(set.Child("spec", "selector") ?? []);
        status.SetCondition(MachineFacts.Summary("MachinesReady", active, m => m.IsMachineReady(), "Ready", "not ready"), now, generation);
        status.SetCondition(MachineFacts.Summary("MachinesUpToDate", active, m => m.IsTrue("UpToDate"), "UpToDate", "not up-to-date"), now, generation);
        status.SetCondition(Condition.Of("ScalingUp", active.Count < wanted, active.Count < wanted ? "ScalingUp" : "NotScalingUp",
            active.Count < wanted ? $"Scaling up from {active.Count} to {wanted} replicas{(complete ? "" : ": a template does not exist")}" : ""), now, generation);
        status.SetCondition(Condition.Of("ScalingDown", active.Count > wanted, active.Count > wanted ? "ScalingDown" : "NotScalingDown"), now, generation);
        status.SetCondition(Condition.False("Deleting", "NotDeleting"), now, generation);
    }

    private static async ValueTask<TimeSpan?> DeleteAsync(ManagementScope scope, List<JsonObject> machines, CancellationToken ct)
    {
        foreach (var machine in machines.Where(m => !m.IsDeleting()))
            await scope.DeleteAsync(scope.Core("Machine"), machine.KeyOf(), ct);
        return null;
    }

    private async ValueTask<TimeSpan?> ReleaseAsync(ManagementScope scope, JsonObject set, CancellationToken ct)
    {
        await scope.ChangeAsync(Kind, set.KeyOf(), s => s.LetGo(CapiNames.MachineSetFinalizer), ct);
        return null;
    }
}

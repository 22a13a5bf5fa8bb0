using System.Globalization;
using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.ControlPlane.Simulation.Pods;
using Fleet.ControlPlane.Simulation.Workloads;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.ClusterApi.Core;

/// <summary>Rolls MachineDeployments out over MachineSets; the arithmetic is the Deployments'.</summary>
internal sealed class MachineDeploymentReconciler(ResourceKind kind) : CapiReconciler(kind)
{
    protected override async ValueTask<TimeSpan?> ReconcileAsync(ManagementScope scope, JsonObject obj, JsonObject? cluster, CancellationToken ct)
    {
        if (cluster is null)
            return obj.IsDeleting() ? await ReleaseAsync(scope, obj, ct) : Retry;
        var sets = scope.MembersOf(cluster.KeyOf(), "MachineSet").Where(s => s.IsControlledBy(obj)).ToList();
        if (obj.IsDeleting())
            return sets.Count == 0 ? await ReleaseAsync(scope, obj, ct) : await DeleteSetsAsync(scope, sets, ct);
        await scope.ChangeAsync(Kind, obj.KeyOf(), d =>
            d.Hold(CapiNames.MachineDeploymentFinalizer) | d.AddOwner(cluster, controller: false)
            | d.Ensure("metadata", "labels").Put(CapiNames.ClusterLabel, cluster.NameOf()), ct);

        var rollout = Rollout.OfMachines(obj, sets, s => SameTemplate(obj, s));
        if (rollout.New is null)
            await CreateSetAsync(scope, obj, cluster, rollout, ct);
        foreach (var (set, replicas) in DeploymentScaling.Next(rollout))
            await scope.ChangeAsync(scope.Core("MachineSet"), set, s => s.Ensure("spec").Put("replicas", replicas), ct);
        foreach (var old in rollout.IsComplete ? rollout.Old : [])
            await scope.DeleteAsync(scope.Core("MachineSet"), old.KeyOf(), ct);
        await scope.ChangeStatusAsync(Kind, obj.KeyOf(), s => MachineDeploymentStatus.Write(s, obj, rollout, scope.Now), ct);
        return null;
    }

    /// <summary>Only these fields mean new machines; labels and time-outs are changed in place upstream.</summary>
    internal static bool SameTemplate(JsonObject deployment, JsonObject set)
    {
        var (wanted, has) = (deployment.Child("spec", "template", "spec"), set.Child("spec", "template", "spec"));
        return Enumerable.All(["version", "infrastructureRef", "bootstrap", "failureDomain"], f => JsonNode.DeepEquals(wanted?[f], has?[f]));
    }

    private static async ValueTask CreateSetAsync(ManagementScope scope, JsonObject deployment, JsonObject cluster, Rollout rollout, CancellationToken ct)
    {
        var hash = PodTemplates.Hash(deployment.Child("spec", "template", "spec"))[..5] + StableHash.Suffix(deployment.Uid(), 5);
        var kind = scope.Core("MachineSet");
        var template = deployment.Child("spec", "template")?.DeepClone().AsObject() ?? [];
        var labels = template.Ensure("metadata", "labels");
        labels[CapiNames.ClusterLabel] = cluster.NameOf();
        labels[CapiNames.DeploymentLabel] = deployment.NameOf();
        labels[CapiNames.TemplateHashLabel] = hash;
        var selector = deployment.Child("spec", "selector")?.DeepClone().AsObject() ?? [];
        var match = selector.Ensure("matchLabels");
        match[CapiNames.TemplateHashLabel] = hash;
        match[CapiNames.DeploymentLabel] = deployment.NameOf();
        var revision = rollout.Old.Select(s => int.TryParse(s.Annotation(CapiNames.RevisionAnnotation), out var n) ? n : 0).DefaultIfEmpty(0).Max() + 1;
        var name = new ObjectKey(deployment.NamespaceOf(), $"{deployment.NameOf()}-{hash}");
        scope.Members.Add(cluster.KeyOf(), kind, name);
        scope.RememberOwner(new("MachineSet", name), new("MachineDeployment", deployment.KeyOf()));
        await scope.EnsureAsync(kind, new()
        {
            ["apiVersion"] = kind.ApiVersion,
            ["kind"] = "MachineSet",
            ["metadata"] = new JsonObject
            {
                ["name"] = name.Name,
                ["namespace"] = name.Namespace,
                ["labels"] = labels.DeepClone(),
                ["annotations"] = new JsonObject { [CapiNames.RevisionAnnotation] = revision.ToString(CultureInfo.InvariantCulture) },
                ["finalizers"] = new JsonArray(CapiNames.MachineSetFinalizer),
                ["ownerReferences"] = new JsonArray(Ownership.ReferenceTo(deployment)),
            },
            ["spec"] = new JsonObject
            {
                ["clusterName"] = cluster.NameOf(),
                ["replicas"] = DeploymentScaling.FirstReplicas(rollout),
                ["selector"] = selector,
                ["template"] = template,
            },
        }, ct);
        await scope.ChangeAsync(scope.Core("MachineDeployment"), deployment.KeyOf(), d =>
            d.Ensure("metadata", "annotations").Put(CapiNames.RevisionAnnotation, revision.ToString(CultureInfo.InvariantCulture)), ct);
    }

    private static async ValueTask<TimeSpan?> DeleteSetsAsync(ManagementScope scope, List<JsonObject> sets, CancellationToken ct)
    {
        foreach (var set in sets.Where(s => !s.IsDeleting()))
            await scope.DeleteAsync(scope.Core("MachineSet"), set.KeyOf(), ct);
        return null;
    }

    private async ValueTask<TimeSpan?> ReleaseAsync(ManagementScope scope, JsonObject deployment, CancellationToken ct)
    {
        await scope.ChangeAsync(Kind, deployment.KeyOf(), d => d.LetGo(CapiNames.MachineDeploymentFinalizer), ct);
        return null;
    }
}

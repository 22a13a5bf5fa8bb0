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

        var rollout = Rollout.OfMachines(obj, sets, s => IsUpToDate(obj, s, scope.Now));
        if (obj.Flag("spec", "paused"))
            await ScaleAsync(scope, DeploymentScaling.WhilePaused(rollout), ct);
        else
            await RollOutAsync(scope, obj, cluster, rollout, ct);
        await scope.ChangeStatusAsync(Kind, obj.KeyOf(), s => MachineDeploymentStatus.Write(s, obj, rollout, scope.Now), ct);
        return RolloutAfter(obj) is { } after && after > scope.Now ? after - scope.Now : null;
    }

    private static async ValueTask RollOutAsync(ManagementScope scope, JsonObject deployment, JsonObject cluster, Rollout rollout, CancellationToken ct)
    {
        var kind = scope.Core("MachineSet");
        if (rollout.New is null)
            await CreateSetAsync(scope, deployment, cluster, rollout, ct);
        else if (InPlaceFields.ToSet((JsonObject)rollout.New.DeepClone(), deployment))
            await scope.ChangeAsync(kind, rollout.New.KeyOf(), s => InPlaceFields.ToSet(s, deployment), ct);
        foreach (var set in rollout.All)
            await HoldCreationAsync(scope, kind, set, rollout.OnDelete && set != rollout.New, ct);
        await ScaleAsync(scope, DeploymentScaling.Next(rollout), ct);
        if (rollout.Old.Count > 0)
            await NoteUpToDateAsync(scope, deployment, cluster, rollout, ct);
        foreach (var old in rollout.IsComplete ? rollout.Old : [])
            await scope.DeleteAsync(kind, old.KeyOf(), ct);
    }

    private static async ValueTask ScaleAsync(ManagementScope scope, IReadOnlyList<(ObjectKey Set, int Replicas)> sizes, CancellationToken ct)
    {
        foreach (var (set, replicas) in sizes)
            await scope.ChangeAsync(scope.Core("MachineSet"), set, s => s.Ensure("spec").Put("replicas", replicas), ct);
    }

    /// <summary>With OnDelete a Machine that was deleted must not come back in its old MachineSet before this one has scaled that down.</summary>
    private static async ValueTask HoldCreationAsync(ManagementScope scope, ResourceKind kind, JsonObject set, bool hold, CancellationToken ct)
    {
        if (hold == set.Annotation(CapiNames.DisableMachineCreateAnnotation) is not null)
            return;
        await scope.ChangeAsync(kind, set.KeyOf(), s => s.Ensure("metadata", "annotations").Put(CapiNames.DisableMachineCreateAnnotation, hold ? "true" : null), ct);
    }

    private static async ValueTask NoteUpToDateAsync(ManagementScope scope, JsonObject deployment, JsonObject cluster, Rollout rollout, CancellationToken ct)
    {
        var words = rollout.Old.ToDictionary(s => s.Uid(), s => Outdated(deployment, s), StringComparer.Ordinal);
        foreach (var machine in scope.MembersOf(cluster.KeyOf(), "Machine").Where(m => !m.IsDeleting()))
        {
            var owner = machine.Controller()?.Text("uid") ?? "";
            if (words.TryGetValue(owner, out var outdated))
                await MachineFacts.NoteUpToDateAsync(scope, machine, outdated, ct);
            else if (owner == rollout.New?.Uid())
                await MachineFacts.NoteUpToDateAsync(scope, machine, null, ct);
        }
    }

    private static DateTimeOffset? RolloutAfter(JsonObject deployment) => deployment.Time("spec", "rollout", "after") ?? deployment.Time("spec", "rolloutAfter");

    /// <summary>The template is the same, and no restart was asked for since the MachineSet was made.</summary>
    internal static bool IsUpToDate(JsonObject deployment, JsonObject set, DateTimeOffset now) =>
        SameTemplate(deployment, set) && !(RolloutAfter(deployment) is { } after && after <= now && set.CreatedAt() < after);

    /// <summary>Only these fields mean new machines; labels and time-outs are changed in place upstream.</summary>
    internal static bool SameTemplate(JsonObject deployment, JsonObject set)
    {
        var (wanted, has) = (deployment.Child("spec", "template", "spec"), set.Child("spec", "template", "spec"));
        return Enumerable.All(["version", "infrastructureRef", "bootstrap", "failureDomain"], f => JsonNode.DeepEquals(wanted?[f], has?[f]));
    }

    private static string Outdated(JsonObject deployment, JsonObject set)
    {
        var (wanted, has) = (deployment.Child("spec", "template", "spec") ?? [], set.Child("spec", "template", "spec") ?? []);
        var lines = new List<string>();
        if (wanted.Text("version") != has.Text("version"))
            lines.Add($"* Version {has.Text("version")}, {wanted.Text("version")} required");
        if (!JsonNode.DeepEquals(wanted["failureDomain"], has["failureDomain"]))
            lines.Add($"* Failure domain {has.Text("failureDomain")}, {wanted.Text("failureDomain")} required");
        if (!JsonNode.DeepEquals(wanted["infrastructureRef"], has["infrastructureRef"]))
            lines.Add($"* {has.Text("infrastructureRef", "kind")} is not up-to-date");
        if (!JsonNode.DeepEquals(wanted["bootstrap"], has["bootstrap"]))
            lines.Add($"* {has.Text("bootstrap", "configRef", "kind") ?? "Bootstrap data"} is not up-to-date");
        return lines.Count > 0 ? string.Join('\n', lines) : "* spec.rollout.after expired";
    }

    private static async ValueTask CreateSetAsync(ManagementScope scope, JsonObject deployment, JsonObject cluster, Rollout rollout, CancellationToken ct)
    {
        // A restart makes another MachineSet of the same template.
        var salt = RolloutAfter(deployment) is { } after && after <= scope.Now ? after.Rfc3339() : "";
        var hash = PodTemplates.Hash(deployment.Child("spec", "template", "spec"), salt)[..5] + StableHash.Suffix(deployment.Uid(), 5);
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
        var set = new JsonObject
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
        };
        InPlaceFields.ToSet(set, deployment);
        await scope.EnsureAsync(kind, set, ct);
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

using System.Globalization;
using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.ControlPlane.Simulation.Pods;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Simulation.Workloads;

/// <summary>What to do with a Deployment's ReplicaSets.</summary>
internal sealed record DeploymentPlan
{
    public JsonObject? Create { get; init; }

    public IReadOnlyList<(ObjectKey Set, int Replicas)> Scale { get; init; } = [];

    public IReadOnlyList<ObjectKey> Delete { get; init; } = [];

    /// <summary>The revision that the new ReplicaSet and the Deployment are to carry; null to leave them.</summary>
    public string? Revision { get; init; }

    public ObjectKey? NewSet { get; init; }

    public required JsonObject Status { get; init; }

    public TimeSpan? CheckAgain { get; init; }
}

/// <summary>A Deployment as kube-controller-manager rolls it out. Pure.</summary>
internal static class DeploymentPlanner
{
    public const string RevisionAnnotation = "deployment.kubernetes.io/revision";
    public const string HashLabel = "pod-template-hash";

    public static DeploymentPlan Plan(JsonObject deployment, IReadOnlyList<JsonObject> sets, IReadOnlyList<JsonObject> oldPods, DateTimeOffset now)
    {
        var rollout = Rollout.OfPods(deployment, sets);
        var paused = deployment.Flag("spec", "paused");
        var create = rollout.New is null && !paused && (!rollout.Recreate || IsEmpty(rollout, oldPods));
        var newSet = rollout.New ?? (create ? MakeSet(deployment, rollout) : null);
        var scale = paused ? DeploymentScaling.WhilePaused(rollout) : DeploymentScaling.Next(rollout);
        var status = DeploymentStatus.Compute(deployment, rollout, create, now);
        return new()
        {
            Create = create ? WithReplicas(newSet!, DeploymentScaling.FirstReplicas(rollout)) : null,
            Scale = scale,
            Delete = paused ? [] : Surplus(deployment, rollout),
            NewSet = newSet?.KeyOf(),
            Revision = newSet is null || paused ? null : Revision(rollout),
            Status = status.Status,
            CheckAgain = status.CheckAgain,
        };
    }

    /// <summary>Two templates are the same but for the hash label that the ReplicaSet adds.</summary>
    public static bool SameTemplate(JsonObject deployment, JsonObject set)
    {
        var template = set.Child("spec", "template")?.DeepClone().AsObject();
        var wanted = deployment.Child("spec", "template")?.DeepClone().AsObject();
        template?.Child("metadata", "labels")?.Remove(HashLabel);
        template?.Child("metadata")?.Remove("creationTimestamp");
        wanted?.Child("metadata")?.Remove("creationTimestamp");
        return JsonNode.DeepEquals(template, wanted);
    }

    public static long RevisionOf(JsonObject set) =>
        long.TryParse(set.Annotation(RevisionAnnotation), NumberStyles.None, CultureInfo.InvariantCulture, out var revision) ? revision : 0;

    private static string Revision(Rollout rollout)
    {
        var highest = rollout.Old.Select(RevisionOf).DefaultIfEmpty(0).Max();
        var own = rollout.New is null ? 0 : RevisionOf(rollout.New);
        return (own > highest ? own : highest + 1).ToString(CultureInfo.InvariantCulture);
    }

    private static bool IsEmpty(Rollout rollout, IReadOnlyList<JsonObject> oldPods) =>
        rollout.Old.All(s => (s.Number("spec", "replicas") ?? 0) == 0) && oldPods.All(p => p.IsFinished());

    private static JsonObject MakeSet(JsonObject deployment, Rollout rollout)
    {
        var hash = PodTemplates.Hash(deployment.Child("spec", "template"));
        // The same hash from another template: salt it, as collisionCount does upstream.
        for (var n = 1; rollout.Old.Any(s => s.NameOf() == $"{deployment.NameOf()}-{hash}"); n++)
            hash = PodTemplates.Hash(deployment.Child("spec", "template"), n.ToString(CultureInfo.InvariantCulture));
        var template = deployment.Child("spec", "template")!.DeepClone().AsObject();
        template.Ensure("metadata", "labels")[HashLabel] = hash;
        var selector = deployment.Child("spec", "selector")!.DeepClone().AsObject();
        selector.Ensure("matchLabels")[HashLabel] = hash;
        var annotations = deployment.Strings("metadata", "annotations");
        annotations.Remove("kubectl.kubernetes.io/last-applied-configuration");
        annotations.Remove(RevisionAnnotation);
        annotations[RevisionAnnotation] = Revision(rollout);
        annotations["deployment.kubernetes.io/desired-replicas"] = rollout.Wanted.ToString(CultureInfo.InvariantCulture);
        annotations["deployment.kubernetes.io/max-replicas"] = (rollout.Wanted + rollout.MaxSurge).ToString(CultureInfo.InvariantCulture);
        var set = new JsonObject
        {
            ["apiVersion"] = "apps/v1",
            ["kind"] = "ReplicaSet",
            ["metadata"] = new JsonObject
            {
                ["name"] = $"{deployment.NameOf()}-{hash}",
                ["namespace"] = deployment.NamespaceOf(),
                ["labels"] = template.Child("metadata", "labels")!.DeepClone(),
                ["annotations"] = annotations.ToJson(),
                ["ownerReferences"] = new JsonArray(Ownership.ReferenceTo(deployment)),
            },
            ["spec"] = new JsonObject { ["replicas"] = 0, ["selector"] = selector, ["template"] = template },
        };
        if (deployment.Number("spec", "minReadySeconds") is { } seconds)
            set["spec"]!["minReadySeconds"] = seconds;
        return set;
    }

    private static JsonObject WithReplicas(JsonObject set, int replicas)
    {
        set["spec"]!["replicas"] = replicas;
        return set;
    }

    private static List<ObjectKey> Surplus(JsonObject deployment, Rollout rollout)
    {
        if (!rollout.IsComplete)
            return [];
        var keep = deployment.Number("spec", "revisionHistoryLimit") ?? 10;
        var idle = rollout.Old.Where(s => (s.Number("spec", "replicas") ?? 0) == 0 && (s.Number("status", "replicas") ?? 0) == 0 && !s.IsDeleting())
            .OrderBy(RevisionOf).ToList();
        return idle.Take(Math.Max(0, idle.Count - keep)).Select(s => s.KeyOf()).ToList();
    }
}

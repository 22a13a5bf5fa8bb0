using System.Globalization;
using System.Text.Json.Nodes;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Simulation.Clusters;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.ControlPlane.Simulation.Pods;
using Fleet.ControlPlane.Simulation.Workloads;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Simulation.Policies;

/// <summary>The status of PodDisruptionBudgets.</summary>
internal sealed class DisruptionBudgetReconciler : WorkloadReconciler
{
    protected override async ValueTask<TimeSpan?> ReconcileAsync(WorkloadCluster cluster, ObjectKey key, CancellationToken ct)
    {
        if (cluster.Api.Get(CoreKinds.PodDisruptionBudget, key) is not { } budget || budget.IsDeleting())
            return null;
        var selector = budget.Child("spec", "selector") ?? [];
        var pods = cluster.Api.List(CoreKinds.Pod, key.Namespace).Where(p => p.IsActive() && LabelMatch.Matches(selector, p.Strings("metadata", "labels"))).ToList();
        await cluster.WriteStatusAsync(CoreKinds.PodDisruptionBudget, key, Status(budget, pods, Expected(cluster.Api, key.Namespace, pods), cluster.Now), ct);
        return null;
    }

    /// <summary>
    /// How many pods there should be: what the controllers of those that are there ask for, so that a pod which is just being replaced is missed; a pod without one counts as one.
    /// </summary>
    internal static int Expected(IClusterApi api, string @namespace, IReadOnlyList<JsonObject> pods)
    {
        var owners = pods.GroupBy(p => p.Controller()?.Text("uid"));
        return owners.Sum(group => group.Key is null ? group.Count() : Replicas(api, @namespace, group.First().Controller()!) ?? group.Count());
    }

    private static int? Replicas(IClusterApi api, string @namespace, JsonObject owner)
    {
        var kind = owner.Text("kind") switch
        {
            "ReplicaSet" => CoreKinds.ReplicaSet,
            "StatefulSet" => CoreKinds.StatefulSet,
            _ => null,
        };
        return kind is null ? null : api.Get(kind, new(@namespace, owner.Text("name") ?? ""))?.Number("spec", "replicas");
    }

    internal static JsonObject Status(JsonObject budget, IReadOnlyList<JsonObject> pods, int expected, DateTimeOffset now)
    {
        var healthy = pods.Count(p => p.IsReady());
        var desired = budget.At("spec", "minAvailable") is { } minimum ? Share(minimum, expected)
            : budget.At("spec", "maxUnavailable") is { } maximum ? expected - Share(maximum, expected)
            : expected;
        var allowed = pods.Count == 0 ? 0 : Math.Max(0, healthy - desired);
        var status = new JsonObject
        {
            ["observedGeneration"] = budget.Generation(),
            ["currentHealthy"] = healthy,
            ["desiredHealthy"] = Math.Max(0, desired),
            ["disruptionsAllowed"] = allowed,
            ["expectedPods"] = expected,
            ["conditions"] = budget.At("status", "conditions")?.DeepClone() ?? new JsonArray(),
        };
        status.SetCondition(Condition.Of("DisruptionAllowed", allowed > 0, allowed > 0 ? "SufficientPods" : "InsufficientPods"), now, budget.Generation());
        return status;
    }

    private static int Share(JsonNode value, int of)
    {
        var text = value.ToString();
        return text.EndsWith('%')
            ? (int)Math.Ceiling(of * double.Parse(text[..^1], CultureInfo.InvariantCulture) / 100)
            : int.TryParse(text, out var n) ? n : 0;
    }
}

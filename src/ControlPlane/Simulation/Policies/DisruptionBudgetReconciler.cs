using System.Globalization;
using System.Text.Json.Nodes;
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
        await cluster.WriteStatusAsync(CoreKinds.PodDisruptionBudget, key, Status(budget, pods, cluster.Now), ct);
        return null;
    }

    internal static JsonObject Status(JsonObject budget, IReadOnlyList<JsonObject> pods, DateTimeOffset now)
    {
        var healthy = pods.Count(p => p.IsReady());
        var desired = budget.At("spec", "minAvailable") is { } minimum ? Share(minimum, pods.Count)
            : budget.At("spec", "maxUnavailable") is { } maximum ? pods.Count - Share(maximum, pods.Count)
            : pods.Count;
        var allowed = pods.Count == 0 ? 0 : Math.Max(0, healthy - desired);
        var status = new JsonObject
        {
            ["observedGeneration"] = budget.Generation(),
            ["currentHealthy"] = healthy,
            ["desiredHealthy"] = Math.Max(0, desired),
            ["disruptionsAllowed"] = allowed,
            ["expectedPods"] = pods.Count,
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

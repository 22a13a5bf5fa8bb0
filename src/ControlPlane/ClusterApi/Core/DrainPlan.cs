using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.ControlPlane.Simulation.Policies;
using Fleet.ControlPlane.Simulation.Pods;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.ClusterApi.Core;

/// <summary>The next step of a drain: which pods to evict now, and who is still on the node in the words of Cluster API. Done when nobody is.</summary>
internal sealed record DrainPlan(IReadOnlyList<ObjectKey> Evict, IReadOnlyList<string> Waits)
{
    public bool IsDone => Evict.Count == 0 && Waits.Count == 0;

    /// <summary>Pure. DaemonSets' and static pods stay; budgets are kept over all evictions of the step.</summary>
    /// <param name="node">The Node.</param>
    /// <param name="allPods">The cluster's pods.</param>
    /// <param name="budgets">Its PodDisruptionBudgets.</param>
    /// <param name="expected">How many pods there should be where these are, in a namespace.</param>
    /// <param name="now">The time.</param>
    public static DrainPlan Of(string node, IReadOnlyList<JsonObject> allPods, IReadOnlyList<JsonObject> budgets,
        Func<string, IReadOnlyList<JsonObject>, int> expected, DateTimeOffset now)
    {
        var allowed = budgets.ToDictionary(b => b, b => Allowed(b, allPods, expected, now));
        var evict = new List<ObjectKey>();
        var (leaving, held) = (new List<string>(), new List<string>());
        foreach (var pod in allPods.Where(p => p.Text("spec", "nodeName") == node && IsDrained(p)).OrderBy(p => p.KeyOf()))
        {
            if (pod.IsDeleting())
            {
                leaving.Add($"{pod.NamespaceOf()}/{pod.NameOf()}");
                continue;
            }
            var guards = budgets.Where(b => b.NamespaceOf() == pod.NamespaceOf() && LabelMatch.Matches(b.Child("spec", "selector"), pod.Strings("metadata", "labels"))).ToList();
            if (guards.Find(b => allowed[b] < 1) is { } guard)
            {
                held.Add($"* Pod {pod.NamespaceOf()}/{pod.NameOf()}: cannot evict pod as it would violate the pod's disruption budget {guard.NameOf()}");
                continue;
            }
            foreach (var budget in guards)
                allowed[budget]--;
            evict.Add(pod.KeyOf());
        }
        if (leaving.Count > 0)
            held.Add($"* Pod{(leaving.Count == 1 ? "" : "s")} {string.Join(", ", leaving.Take(3))}{(leaving.Count > 3 ? $", ... ({leaving.Count - 3} more)" : "")}: deletionTimestamp set, but still not removed from the Node");
        return new(evict, held);
    }

    private static int Allowed(JsonObject budget, IReadOnlyList<JsonObject> allPods, Func<string, IReadOnlyList<JsonObject>, int> expected, DateTimeOffset now)
    {
        var pods = allPods.Where(p => p.NamespaceOf() == budget.NamespaceOf() && p.IsActive()
            && LabelMatch.Matches(budget.Child("spec", "selector"), p.Strings("metadata", "labels"))).ToList();
        return DisruptionBudgetReconciler.Status(budget, pods, expected(budget.NamespaceOf(), pods), now).Number("disruptionsAllowed") ?? 0;
    }

    private static bool IsDrained(JsonObject pod) =>
        pod.Text("status", "phase") is not ("Succeeded" or "Failed")
        && pod.Controller()?.Text("kind") != "DaemonSet"
        && pod.Annotation("kubernetes.io/config.mirror") is null;
}

using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.ControlPlane.Simulation.Pods;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Simulation.Workloads;

/// <summary>How many pods to make, which to delete, and the status.</summary>
internal sealed record ReplicaSetPlan(int Create, IReadOnlyList<ObjectKey> Delete, JsonObject Status, TimeSpan? CheckAgain);

/// <summary>A ReplicaSet as kube-controller-manager runs it. Pure.</summary>
internal static class ReplicaSetPlanner
{
    public static ReplicaSetPlan Plan(JsonObject set, IReadOnlyList<JsonObject> pods, DateTimeOffset now)
    {
        var wanted = set.Number("spec", "replicas") ?? 1;
        var minReady = set.Number("spec", "minReadySeconds") ?? 0;
        var active = pods.Where(p => p.IsActive()).ToList();
        var surplus = active.Count > wanted
            ? active.OrderBy(p => p.Rank()).ThenByDescending(p => p.CreatedAt()).Take(active.Count - wanted).Select(p => p.KeyOf()).ToList()
            : [];
        var finished = pods.Where(p => p.IsFinished() && !p.IsDeleting()).Select(p => p.KeyOf());
        var ready = active.Count(p => p.IsReady());
        var available = active.Count(p => p.IsAvailable(minReady, now));
        var labels = set.Strings("spec", "template", "metadata", "labels");
        var status = new JsonObject
        {
            ["observedGeneration"] = set.Generation(),
            ["replicas"] = active.Count,
        };
        PutCount(status, "fullyLabeledReplicas", active.Count(p => LabelMatch.MatchesMap(labels, p.Strings("metadata", "labels"))));
        PutCount(status, "readyReplicas", ready);
        PutCount(status, "availableReplicas", available);
        return new(Math.Max(0, wanted - active.Count), [.. surplus, .. finished], status, PodReadiness.CheckAgain(ready, available, minReady));
    }

    /// <summary>Counts of zero are left out, as the API's omitempty does.</summary>
    public static void PutCount(JsonObject status, string name, int count)
    {
        if (count > 0)
            status[name] = count;
    }
}

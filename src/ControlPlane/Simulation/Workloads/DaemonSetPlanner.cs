using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Nodes;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.ControlPlane.Simulation.Pods;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Simulation.Workloads;

/// <summary>The nodes that lack a pod, the pods to delete, and the status.</summary>
internal sealed record DaemonSetPlan(IReadOnlyList<string> Nodes, string Revision, IReadOnlyList<ObjectKey> Delete, JsonObject Status, TimeSpan? CheckAgain);

/// <summary>A DaemonSet as kube-controller-manager runs it. Pure.</summary>
internal static class DaemonSetPlanner
{
    public static DaemonSetPlan Plan(JsonObject set, IReadOnlyCollection<NodeRoom> nodes, IReadOnlyList<JsonObject> pods, DateTimeOffset now)
    {
        var revision = PodTemplates.Hash(set.Child("spec", "template"));
        var template = new JsonObject { ["spec"] = set.Child("spec", "template", "spec")?.DeepClone() ?? new JsonObject() };
        var wanted = nodes.Where(n => PodPlacement.Admits(template, n)).Select(n => n.Name).ToHashSet(StringComparer.Ordinal);
        var byNode = pods.Where(p => NodeOf(p) is not null).ToLookup(p => NodeOf(p)!, StringComparer.Ordinal);
        var lacking = wanted.Where(n => !byNode[n].Any(p => !p.IsFinished())).Order(StringComparer.Ordinal).ToList();
        var delete = pods.Where(p => !p.IsDeleting() && (p.IsFinished() || NodeOf(p) is not { } node || !wanted.Contains(node))).Select(p => p.KeyOf()).ToList();
        var active = pods.Where(p => p.IsActive() && NodeOf(p) is { } node && wanted.Contains(node)).ToList();
        var minReady = set.Number("spec", "minReadySeconds") ?? 0;
        var available = active.Count(p => p.IsAvailable(minReady, now));
        var ready = active.Count(p => p.IsReady());

        if (set.Text("spec", "updateStrategy", "type") != "OnDelete")
            delete.AddRange(Outdated(set, active, revision, wanted.Count, available));

        var status = new JsonObject
        {
            ["observedGeneration"] = set.Generation(),
            ["desiredNumberScheduled"] = wanted.Count,
            ["currentNumberScheduled"] = active.Count,
            ["numberMisscheduled"] = pods.Count(p => p.IsActive() && NodeOf(p) is { } node && !wanted.Contains(node)),
            ["numberReady"] = ready,
        };
        ReplicaSetPlanner.PutCount(status, "updatedNumberScheduled", active.Count(p => p.Label(StatefulSetPlanner.RevisionLabel) == revision));
        ReplicaSetPlanner.PutCount(status, "numberAvailable", available);
        ReplicaSetPlanner.PutCount(status, "numberUnavailable", wanted.Count - available);
        return new(lacking, revision, delete, status, PodReadiness.CheckAgain(ready, available, minReady));
    }

    public static JsonObject MakePod(JsonObject set, string node, string revision, string name)
    {
        var pod = PodTemplates.MakePod(set, name);
        pod.SetLabel(StatefulSetPlanner.RevisionLabel, revision);
        var spec = pod.Ensure("spec");
        // Bound at once: the scheduler would only follow the node affinity that upstream writes here.
        spec["nodeName"] = node;
        var tolerations = pod.Items("spec", "tolerations").Select(t => t.DeepClone().AsObject()).ToList();
        foreach (var taint in new[] { "not-ready", "unreachable", "disk-pressure", "memory-pressure", "pid-pressure", "unschedulable" })
            tolerations.Add(new()
            {
                ["key"] = $"node.kubernetes.io/{taint}",
                ["operator"] = "Exists",
                ["effect"] = taint is "not-ready" or "unreachable" ? "NoExecute" : "NoSchedule",
            });
        spec["tolerations"] = tolerations.ToJson();
        return pod;
    }

    private static IEnumerable<ObjectKey> Outdated(JsonObject set, List<JsonObject> active, string revision, int wanted, int available)
    {
        var old = active.Where(p => p.Label(StatefulSetPlanner.RevisionLabel) != revision).OrderBy(p => p.IsReady()).ThenBy(p => p.NameOf(), StringComparer.Ordinal).ToList();
        var text = set.At("spec", "updateStrategy", "rollingUpdate", "maxUnavailable")?.ToString() ?? "1";
        var limit = text.EndsWith('%') ? (int)Math.Ceiling(wanted * int.Parse(text[..^1], System.Globalization.CultureInfo.InvariantCulture) / 100d)
            : int.TryParse(text, out var n) ? n : 1;
        var budget = Math.Max(0, limit - (wanted - available));
        return old.Where(p => !p.IsReady() || budget-- > 0).Select(p => p.KeyOf());
    }

    private static string? NodeOf(JsonObject pod) => pod.Text("spec", "nodeName");
}

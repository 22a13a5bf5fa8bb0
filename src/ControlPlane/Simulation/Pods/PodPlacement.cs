using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Nodes;
using Fleet.ControlPlane.Simulation.Objects;

namespace Fleet.ControlPlane.Simulation.Pods;

/// <summary>Which node a pod goes to, or why none will do, in the scheduler's words.</summary>
internal readonly record struct PodPlacement(string? Node, string Message)
{
    public static PodPlacement Choose(JsonObject pod, IReadOnlyCollection<NodeRoom> nodes)
    {
        if (nodes.Count == 0)
            return new(null, "no nodes available to schedule pods");
        var request = PodRequest.Of(pod);
        var refusals = new SortedDictionary<string, int>(StringComparer.Ordinal);
        NodeRoom? best = null;
        foreach (var node in nodes)
        {
            if (Refusal(pod, node, request) is { } refusal)
                refusals[refusal] = refusals.GetValueOrDefault(refusal) + 1;
            else if (best is null || node.FreePods > best.FreePods || (node.FreePods == best.FreePods && node.FreeCpuMilli > best.FreeCpuMilli))
                best = node;
        }
        return best is not null
            ? new(best.Name, "")
            : new(null, $"0/{nodes.Count} nodes are available: {string.Join(", ", refusals.Select(r => $"{r.Value} {r.Key}"))}. "
                + "preemption: 0/" + $"{nodes.Count} nodes are available: {nodes.Count} Preemption is not helpful for scheduling.");
    }

    /// <summary>Whether a DaemonSet wants a pod on the node: selector, affinity and taints count, room does not.</summary>
    public static bool Admits(JsonObject pod, NodeRoom node) =>
        MatchesSelector(pod, node) && UntoleratedTaint(pod, node, daemon: true) is null;

    private static string? Refusal(JsonObject pod, NodeRoom node, PodRequest request)
    {
        if (node.Unschedulable && !Tolerates(pod, "node.kubernetes.io/unschedulable", "", "NoSchedule"))
            return "node(s) were unschedulable";
        if (!node.Ready && !Tolerates(pod, "node.kubernetes.io/not-ready", "", "NoSchedule"))
            return "node(s) had untolerated taint {node.kubernetes.io/not-ready: }";
        if (UntoleratedTaint(pod, node, daemon: false) is { } taint)
            return $"node(s) had untolerated taint {{{taint.Text("key")}: {taint.Text("value")}}}";
        if (!MatchesSelector(pod, node))
            return "node(s) didn't match Pod's node affinity/selector";
        if (node.FreePods < 1)
            return "Too many pods";
        if (node.FreeCpuMilli < request.CpuMilli)
            return "Insufficient cpu";
        if (node.FreeGpus < request.Gpus)
            return $"Insufficient {NodeRoom.Gpu}";
        return node.FreeMemory < request.Memory ? "Insufficient memory" : null;
    }

    private static bool MatchesSelector(JsonObject pod, NodeRoom node)
    {
        if (!LabelMatch.MatchesMap(pod.Strings("spec", "nodeSelector"), node.Labels))
            return false;
        var terms = pod.Items("spec", "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms").ToList();
        return terms.Count == 0 || terms.Exists(t =>
            t.Items("matchExpressions").All(e => LabelMatch.Holds(e, node.Labels))
            && t.Items("matchFields").All(e => e.Texts("values").Contains(node.Name)));
    }

    private static JsonObject? UntoleratedTaint(JsonObject pod, NodeRoom node, bool daemon) =>
        node.Taints.FirstOrDefault(t => t.Text("effect") is "NoSchedule" or "NoExecute"
            && !(daemon && t.Text("key")!.StartsWith("node.kubernetes.io/", StringComparison.Ordinal))
            && !Tolerates(pod, t.Text("key") ?? "", t.Text("value") ?? "", t.Text("effect")!));

    private static bool Tolerates(JsonObject pod, string key, string value, string effect) =>
        pod.Items("spec", "tolerations").Any(t =>
            (t.Text("effect") is null or "" || t.Text("effect") == effect)
            && (t.Text("operator") == "Exists"
                ? t.Text("key") is null or "" || t.Text("key") == key
                : t.Text("key") == key && (t.Text("value") ?? "") == value));
}

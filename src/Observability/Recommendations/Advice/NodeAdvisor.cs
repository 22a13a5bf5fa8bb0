using System.Text.Json.Nodes;
using Fleet.Cost.Packing;
using Fleet.Cost.Savings;

namespace Fleet.Observability.Recommendations.Advice;

/// <summary>Nodes that can go, with the proof: where each of their pods would run. Pure.</summary>
internal static class NodeAdvisor
{
    /// <summary>A list that is longer helps nobody; how many there are is said.</summary>
    private const int MostMoves = 200;

    public static NodeProof Prove(AdviceFacts facts) => NodePacker.Prove(NodesOf(facts), PodsOf(facts), new());

    /// <summary>What more could go when requests are as recommended and idle workloads are gone.</summary>
    public static JsonObject Outlook(AdviceFacts facts, NodeProof now, IReadOnlyList<ContainerAdvice> resized, IReadOnlyList<IdleWorkload> idle)
    {
        var gone = idle.Select(one => one.Workload).ToHashSet();
        var less = resized.GroupBy(one => one.Workload).ToDictionary(
            group => group.Key,
            group => (Cores: group.Sum(one => one.Container.CpuRequest - one.Advice.Cpu.Request), Bytes: group.Sum(one => one.Container.RamRequest - one.Advice.Memory.Request)));
        var pods = facts.Survey.Pods.Where(pod => !gone.Contains(pod.Workload))
            .Select(pod => less.TryGetValue(pod.Workload, out var saved) ? WithLess(Packed(facts, pod), saved.Cores, saved.Bytes) : Packed(facts, pod)).ToList();
        var after = NodePacker.Prove(NodesOf(facts), pods, new());
        var more = after.Removable.Select(node => node.Node).Except(now.Removable.Select(node => node.Node)).ToList();
        return new()
        {
            ["currency"] = facts.Prices.Currency,
            ["nodesNow"] = now.Removable.Count,
            ["nodesAfter"] = after.Removable.Count,
            ["monthlyCashNow"] = Freed.Sum(now.Removable.Select(node => facts.Prices.NodeMonth(node.Node))),
            ["monthlyCashAfter"] = Freed.Sum(after.Removable.Select(node => facts.Prices.NodeMonth(node.Node))),
            ["moreNodes"] = new JsonArray([.. more.Select(node => (JsonNode)node)]),
        };
    }

    public static IEnumerable<Recommendation> Explain(AdviceFacts facts, NodeProof proof)
    {
        var before = new List<string>();
        foreach (var node in proof.Removable)
        {
            var row = facts.Seen.Nodes.FirstOrDefault(row => row.Name == node.Node);
            var price = facts.Prices.NodeMonth(node.Node);
            yield return new()
            {
                Kind = RecommendationKinds.UnderusedNode,
                Namespace = "",
                ObjectKind = "Node",
                ObjectName = node.Node,
                Summary = $"{AdviceTexts.Percent(node.Utilization)} of it is requested, and its {node.Moves.Count} pods fit on other nodes",
                Current = new() { ["instanceType"] = row?.InstanceType, ["utilization"] = Math.Round(node.Utilization, 4), ["pods"] = node.Moves.Count },
                Recommended = new() { ["action"] = "drain it, then take one machine from its pool" },
                Evidence = new()
                {
                    ["window"] = new JsonObject { ["start"] = facts.Now, ["end"] = facts.Now },
                    ["samples"] = null,
                    ["confidence"] = "high",
                    ["proof"] = new JsonObject
                    {
                        ["moves"] = new JsonArray([.. node.Moves.Take(MostMoves).Select(move => (JsonNode)new JsonObject { ["pod"] = move.Pod, ["to"] = move.To })]),
                        ["pods"] = node.Moves.Count,
                        // A proof for one node holds when those before it have gone too; nobody has to take them all.
                        ["after"] = new JsonArray([.. before.Select(name => (JsonNode)name)]),
                        ["fill"] = new PackingRules().Fill,
                    },
                },
                Saving = MonthlySaving.OfAsset(price, facts.Prices.Currency),
                Claims = [new($"node {row?.Uid ?? node.Node}", price, price is null ? null : 0)],
            };
            before.Add(node.Node);
        }
    }

    /// <summary>Nodes that are little used and stay, with the reason.</summary>
    public static JsonArray Kept(NodeProof proof) =>
        [.. proof.Kept.Take(MostMoves).Select(node => (JsonNode)new JsonObject { ["node"] = node.Node, ["utilization"] = Math.Round(node.Utilization, 4), ["reason"] = node.Reason })];

    private static List<PackingNode> NodesOf(AdviceFacts facts) => [.. facts.Survey.Nodes.Select(node => node with { MonthlyCost = facts.Prices.NodeMonth(node.Name) ?? 0 })];

    private static List<PackingPod> PodsOf(AdviceFacts facts) => [.. facts.Survey.Pods.Select(pod => Packed(facts, pod))];

    private static PackingPod Packed(AdviceFacts facts, Surveys.SurveyPod pod) =>
        pod.Packing.StaysBecause is null && facts.Survey.TightBudgets.FirstOrDefault(budget => budget.Protects(pod)) is { } tight
            ? pod.Packing with { StaysBecause = $"PodDisruptionBudget {tight.Key.Name} allows no disruption" }
            : pod.Packing;

    private static PackingPod WithLess(PackingPod pod, double cores, double bytes)
    {
        var requests = new Dictionary<string, double>(pod.Requests);
        foreach (var (resource, less) in (ReadOnlySpan<(string, double)>)[("cpu", cores), ("memory", bytes)])
            requests[resource] = Math.Max(0, requests.GetValueOrDefault(resource) - less);
        return pod with { Requests = requests };
    }
}

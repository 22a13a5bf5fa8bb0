using Fleet.Cost.Packing;

namespace Fleet.Cost.Tests.Packing;

public sealed class NodePackerTests
{
    private static readonly PackingRules Rules = new();

    [Fact]
    public void A_node_whose_pods_fit_elsewhere_can_go_and_it_is_said_where_to()
    {
        var proof = NodePacker.Prove([Node("a"), Node("b"), Node("c")], [Pod("1", "a", 2), Pod("2", "b", 2), Pod("3", "c", 0.5)], Rules);
        var gone = Assert.Single(proof.Removable);
        Assert.Equal("c", gone.Node);
        Assert.Equal(new PodMove("team/3", "a"), Assert.Single(gone.Moves));
        Assert.Equal(0.125, gone.Utilization, 9);
        // With two left nothing more goes, and it is said why.
        Assert.All(proof.Kept, kept => Assert.Equal("at least 2 nodes stay", kept.Reason));
    }

    [Fact]
    public void The_dearest_goes_first()
    {
        var proof = NodePacker.Prove([Node("a"), Node("b") with { MonthlyCost = 90 }, Node("c")], [Pod("1", "a", 1), Pod("2", "b", 1), Pod("3", "c", 1)], Rules);
        Assert.Equal("b", Assert.Single(proof.Removable).Node);
    }

    [Fact]
    public void What_was_moved_to_a_node_moves_on_when_that_one_goes_too()
    {
        var nodes = new[] { Node("a") with { MonthlyCost = 9 }, Node("b") with { MonthlyCost = 8 }, Node("c"), Node("d") };
        var proof = NodePacker.Prove(nodes, [Pod("1", "a", 0.5), Pod("2", "b", 1), Pod("3", "c", 1.5), Pod("4", "d", 1.9)], new() { LeastNodes = 1, Fill = 1 });
        Assert.Equal(["a", "b"], proof.Removable.Take(2).Select(node => node.Node));
        // All of it together holds: what stays has room for everything.
        var last = proof.Removable.SelectMany(node => node.Moves).GroupBy(move => move.Pod).ToDictionary(group => group.Key, group => group.Last().To);
        Assert.DoesNotContain(last.Values, to => proof.Removable.Any(node => node.Node == to));
    }

    [Fact]
    public void Pods_of_the_node_itself_need_no_other_place()
    {
        var daemon = Pod("d", "c", 1.5) with { IsOfNode = true };
        Assert.Equal("c", Assert.Single(NodePacker.Prove([Node("a"), Node("b"), Node("c")], [Pod("1", "a", 3), Pod("2", "b", 3), daemon], Rules).Removable).Node);
        // But they take the room of those that would come.
        var full = NodePacker.Prove([Node("a"), Node("b"), Node("c")], [Pod("1", "c", 1.5), Pod("2", "a", 2.1), Pod("3", "b", 2.1), Pod("x", "a", 1) with { IsOfNode = true }, Pod("y", "b", 1) with { IsOfNode = true }], Rules);
        Assert.Empty(full.Removable);
        Assert.Contains(full.Kept, kept => kept is { Node: "c", Reason: "pod team/1 fits on no other node" });
    }

    public static TheoryData<string, PackingPod, PackingNode> Refusals => new()
    {
        { "no room below the fill", Pod("1", "c", 1.3), Node("a") },
        { "a resource that only its node has", Pod("1", "c", 0.5) with { Requests = new Dictionary<string, double> { ["cpu"] = 0.5, ["nvidia.com/gpu"] = 1 } }, Node("a") },
        { "no more pods", Pod("1", "c", 0.1), Node("a") with { Allocatable = new Dictionary<string, double> { ["cpu"] = 4, ["memory"] = 8e9, ["pods"] = 1 } } },
        { "a taint", Pod("1", "c", 0.1), Node("a") with { Taints = [new("team", "x", "NoSchedule")] } },
        { "a taint with another value", Pod("1", "c", 0.1) with { Tolerations = [new("team", "Equal", "y", "")] }, Node("a") with { Taints = [new("team", "x", "NoSchedule")] } },
        { "a node selector", Pod("1", "c", 0.1) with { NodeSelector = new Dictionary<string, string> { ["disk"] = "ssd" } }, Node("a") },
        { "an affinity", Pod("1", "c", 0.1) with { Affinity = [[new("zone", "In", ["2"])]] }, Node("a") },
        { "an affinity with an operator that nobody knows", Pod("1", "c", 0.1) with { Affinity = [[new("zone", "Near", ["1"])]] }, Node("a") },
        { "something that can not be proven", Pod("1", "c", 0.1) with { StaysBecause = "it has a disk" }, Node("a") },
        { "a node that is not ready", Pod("1", "c", 0.1), Node("a") with { IsUsable = false } },
    };

    [Theory, MemberData(nameof(Refusals))]
    public void What_can_not_be_proven_keeps_the_node(string why, PackingPod pod, PackingNode other)
    {
        var proof = NodePacker.Prove([other, Node("c")], [pod, Pod("0", "a", 2.1)], new() { LeastNodes = 1 });
        Assert.True(proof.Removable.All(node => node.Node != "c"), why);
    }

    public static TheoryData<string, PackingPod, PackingNode> Placeable => new()
    {
        { "up to the fill", Pod("1", "c", 1.1), Node("a") },
        { "a toleration of the key", Pod("1", "c", 0.1) with { Tolerations = [new("team", "Exists", "", "")] }, Node("a") with { Taints = [new("team", "x", "NoExecute")] } },
        { "a toleration of everything", Pod("1", "c", 0.1) with { Tolerations = [new("", "Exists", "", "")] }, Node("a") with { Taints = [new("team", "x", "NoExecute")] } },
        { "a taint that only prefers", Pod("1", "c", 0.1), Node("a") with { Taints = [new("team", "x", "PreferNoSchedule")] } },
        { "one term of two", Pod("1", "c", 0.1) with { Affinity = [[new("zone", "In", ["2"])], [new("zone", "In", ["1"]), new("cores", "Gt", ["3"])]] }, Node("a") },
    };

    [Theory, MemberData(nameof(Placeable))]
    public void What_is_allowed_is_found(string why, PackingPod pod, PackingNode other) =>
        Assert.True(NodePacker.Prove([other, Node("c")], [pod, Pod("0", "a", 2.1)], new() { LeastNodes = 1 }).Removable.Any(node => node.Node == "c"), why);

    [Fact]
    public void Nothing_goes_while_a_pod_waits_for_a_node()
    {
        var proof = NodePacker.Prove([Node("a"), Node("b"), Node("c")], [Pod("1", "a", 1), Pod("2", "", 1)], Rules);
        Assert.Empty(proof.Removable);
        Assert.All(proof.Kept, kept => Assert.Equal("pod team/2 waits for a node", kept.Reason));
    }

    [Fact]
    public void Nodes_of_the_control_plane_are_no_candidates()
    {
        var control = Node("c") with { IsControlPlane = true };
        Assert.DoesNotContain(NodePacker.Prove([Node("a"), Node("b"), control], [Pod("1", "a", 3), Pod("2", "b", 3)], Rules).Removable, node => node.Node == "c");
    }

    /// <summary>Whatever it proposes, replaying it must fit: the proof is checked by other code than that which made it.</summary>
    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5)]
    public void Proposals_hold_when_they_are_carried_out(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 100; round++)
        {
            var nodes = Enumerable.Range(0, 12).Select(i => Node($"n{i}") with { MonthlyCost = random.Next(100) }).ToList();
            var pods = Enumerable.Range(0, 40).Select(i => Pod($"{i}", $"n{random.Next(12)}", random.NextDouble() * 0.6)).ToList();
            var proof = NodePacker.Prove(nodes, pods, Rules);
            var where = pods.ToDictionary(pod => pod.Name, pod => pod.Node);
            foreach (var gone in proof.Removable)
            {
                Assert.Equal(where.Where(pod => pod.Value == gone.Node).Select(pod => pod.Key).Order(), gone.Moves.Select(move => move.Pod).Order());
                foreach (var move in gone.Moves)
                    where[move.Pod] = move.To;
            }
            var touched = proof.Removable.SelectMany(node => node.Moves).Select(move => move.To).ToHashSet();
            foreach (var node in nodes.Where(node => touched.Contains(node.Name) && where.ContainsValue(node.Name)))
                Assert.True(pods.Where(pod => where[pod.Name] == node.Name).Sum(pod => pod.Requests["cpu"]) <= 4 * Rules.Fill + 1e-6);
            Assert.DoesNotContain(where.Values, node => proof.Removable.Any(gone => gone.Node == node));
        }
    }

    private static PackingNode Node(string name) => new()
    {
        Name = name,
        Allocatable = new Dictionary<string, double> { ["cpu"] = 4, ["memory"] = 8e9, ["pods"] = 110 },
        Labels = new Dictionary<string, string> { ["zone"] = "1", ["cores"] = "4" },
    };

    private static PackingPod Pod(string name, string node, double cores) => new()
    {
        Name = $"team/{name}", Node = node, Requests = new Dictionary<string, double> { ["cpu"] = cores, ["memory"] = cores * 1e9 },
    };
}

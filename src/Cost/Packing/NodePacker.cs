namespace Fleet.Cost.Packing;

/// <summary>
/// Proves that nodes can go, by saying where each of their pods would run. First fit decreasing, one node after the other, so that all that it proposes holds together. What can not
/// be proven keeps its node: a wrong yes costs an outage, a wrong no some money. Pure.
/// </summary>
public static class NodePacker
{
    private const string Cpu = "cpu";
    private const string Memory = "memory";
    private const string Pods = "pods";

    // Sums of doubles that are as full as they may be.
    private const double Slack = 1e-9;

    public static NodeProof Prove(IReadOnlyList<PackingNode> nodes, IReadOnlyList<PackingPod> pods, PackingRules rules)
    {
        var rooms = nodes.Where(node => node.IsUsable).ToDictionary(node => node.Name, node => new Room(node, rules.Fill));
        foreach (var pod in pods)
            if (rooms.TryGetValue(pod.Node, out var room))
                room.Take(pod);
        var candidates = rooms.Values.Where(room => !room.Node.IsControlPlane && room.Utilization <= rules.UnderUsed)
            .OrderByDescending(room => room.Node.MonthlyCost).ThenBy(room => room.Utilization).ThenBy(room => room.Node.Name, StringComparer.Ordinal).ToList();
        var (removable, kept) = (new List<RemovableNode>(), new List<KeptNode>());
        // Pods that wait would take the room that seems to be free.
        var waiting = pods.FirstOrDefault(pod => pod.Node.Length == 0 && !pod.IsOfNode);
        foreach (var room in candidates)
        {
            var utilization = room.Utilization;
            var reason = waiting is not null ? $"pod {waiting.Name} waits for a node"
                : rooms.Values.Count(other => !other.Node.IsControlPlane) <= rules.LeastNodes ? $"at least {rules.LeastNodes} nodes stay"
                : null;
            IReadOnlyList<PodMove> moves = [];
            if (reason is null)
                (moves, reason) = Empty(room, rooms.Values.Where(other => other != room).ToList());
            if (reason is not null)
            {
                kept.Add(new(room.Node.Name, utilization, reason));
                continue;
            }
            rooms.Remove(room.Node.Name);
            removable.Add(new(room.Node.Name, utilization, moves));
        }
        return new(removable, kept);
    }

    private static (IReadOnlyList<PodMove> Moves, string? Reason) Empty(Room room, List<Room> others)
    {
        if (room.Moving.FirstOrDefault(pod => pod.StaysBecause is not null) is { } stays)
            return ([], $"pod {stays.Name}: {stays.StaysBecause}");
        var placed = new List<(PackingPod Pod, Room To)>();
        // The largest first: it finds the fewest places.
        foreach (var pod in room.Moving.OrderByDescending(pod => ShareOf(pod, room.Node)).ThenBy(pod => pod.Name, StringComparer.Ordinal))
        {
            var to = others.Where(other => pod.Fits(other.Node) && other.HasRoomFor(pod))
                .OrderByDescending(other => other.Utilization).ThenBy(other => other.Node.Name, StringComparer.Ordinal).FirstOrDefault();
            if (to is null)
            {
                foreach (var (taken, from) in placed)
                    from.Give(taken);
                return ([], $"pod {pod.Name} fits on no other node");
            }
            to.Take(pod);
            placed.Add((pod, to));
        }
        return ([.. placed.Select(move => new PodMove(move.Pod.Name, move.To.Node.Name))], null);
    }

    private static double ShareOf(PackingPod pod, PackingNode node) =>
        Math.Max(Part(pod.Requests.GetValueOrDefault(Cpu), node.Allocatable.GetValueOrDefault(Cpu)), Part(pod.Requests.GetValueOrDefault(Memory), node.Allocatable.GetValueOrDefault(Memory)));

    private static double Part(double of, double whole) => whole > 0 ? of / whole : of > 0 ? double.PositiveInfinity : 0;

    /// <summary>What is left on a node.</summary>
    private sealed class Room(PackingNode node, double fill)
    {
        private readonly Dictionary<string, double> used = [];
        private readonly Dictionary<string, double> moving = [];
        private readonly List<PackingPod> pods = [];

        public PackingNode Node => node;

        /// <summary>Pods that need another place when the node goes.</summary>
        public IEnumerable<PackingPod> Moving => pods;

        public double Utilization => Math.Max(
            Part(moving.GetValueOrDefault(Cpu), node.Allocatable.GetValueOrDefault(Cpu)), Part(moving.GetValueOrDefault(Memory), node.Allocatable.GetValueOrDefault(Memory)));

        public void Take(PackingPod pod)
        {
            Count(pod, 1);
            if (!pod.IsOfNode)
                pods.Add(pod);
        }

        public void Give(PackingPod pod)
        {
            Count(pod, -1);
            pods.Remove(pod);
        }

        public bool HasRoomFor(PackingPod pod) =>
            HasRoom(Pods, 1, 1) && pod.Requests.All(request => HasRoom(request.Key, request.Value, request.Key is Cpu or Memory ? fill : 1));

        private bool HasRoom(string resource, double more, double share) =>
            more <= 0 || used.GetValueOrDefault(resource) + more <= node.Allocatable.GetValueOrDefault(resource) * share * (1 + Slack);

        private void Count(PackingPod pod, int sign)
        {
            Add(used, Pods, sign);
            foreach (var (resource, amount) in pod.Requests)
            {
                Add(used, resource, sign * amount);
                if (!pod.IsOfNode)
                    Add(moving, resource, sign * amount);
            }
        }

        private static void Add(Dictionary<string, double> sums, string resource, double amount) => sums[resource] = sums.GetValueOrDefault(resource) + amount;
    }
}

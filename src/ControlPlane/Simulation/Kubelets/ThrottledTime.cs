using System.Runtime.CompilerServices;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Simulation.Usage;

namespace Fleet.ControlPlane.Simulation.Kubelets;

/// <summary>
/// CPU seconds that containers did not get because their node had no more. Counters follow from the time alone; what is cut off them depends on who else was there, so it is remembered, from look to
/// look, for nodes that somebody asks. After a restart of the process it begins anew. Safe for concurrent use.
/// </summary>
internal sealed class ThrottledTime
{
    /// <summary>Nodes that came and went are not told to us; beyond so many all of a cluster begin anew.</summary>
    private const int Most = 4_096;

    /// <summary>What runs longer before it is first looked at was not seen to be throttled.</summary>
    private static readonly TimeSpan FirstLook = TimeSpan.FromMinutes(1);

    /// <summary>A counter of which everything is cut would go back by a rounding, and pass for one that began anew.</summary>
    private const double NearlyAll = 1 - 1e-6;

    private readonly ConditionalWeakTable<IClusterApi, Dictionary<string, Node>> clusters = [];

    /// <param name="cluster">The cluster.</param>
    /// <param name="node">Uid of the node.</param>
    /// <param name="cores">What it has.</param>
    /// <param name="time">Now.</param>
    /// <param name="running">Containers of all its pods.</param>
    /// <returns>What each container and each pod lacks since its counters count; those that lack nothing are not among them.</returns>
    public IReadOnlyDictionary<string, double> Advance(IClusterApi cluster, string node, double cores, DateTimeOffset time, IReadOnlyList<ThrottledContainer> running)
    {
        var nodes = clusters.GetOrCreateValue(cluster);
        lock (nodes)
        {
            if (nodes.Count >= Most)
                nodes.Clear();
            var known = nodes.TryGetValue(node, out var before) ? before : new(time - FirstLook, []);
            if (time > known.Until)
                nodes[node] = known = new(time, Of(known, cores, time, running));
            return known.Lacking.ToDictionary(one => one.Key, one => one.Value.Seconds, StringComparer.Ordinal);
        }
    }

    private static Dictionary<string, Lack> Of(Node before, double cores, DateTimeOffset time, IReadOnlyList<ThrottledContainer> running)
    {
        var wanted = running.Select(one =>
        {
            var from = one.Since > before.Until ? one.Since : before.Until;
            return (One: one, Requested: one.Usage.Load.CpuRequest * Math.Max(0, (time - from).TotalSeconds), Seconds: one.Usage.CpuSeconds(from, time));
        }).ToList();
        var part = NodeShare.Part(cores * (time - before.Until).TotalSeconds, wanted.Select(one => (one.Requested, one.Seconds)));
        var lacking = new Dictionary<string, Lack>(StringComparer.Ordinal);
        foreach (var (one, requested, seconds) in wanted)
        {
            var cut = (seconds - NodeShare.Cut(requested, seconds, part)) * NearlyAll;
            Add(one.Id, one.Since, cut);
            Add(one.Pod, one.PodSince, cut);
        }
        return lacking;

        void Add(string id, DateTimeOffset since, double cut)
        {
            // A counter that began anew lacks nothing of before.
            var known = lacking.TryGetValue(id, out var sum) || (before.Lacking.TryGetValue(id, out sum) && sum.Since == since) ? sum.Seconds : 0;
            if (known + cut > 0)
                lacking[id] = new(since, known + cut);
        }
    }

    private readonly record struct Node(DateTimeOffset Until, Dictionary<string, Lack> Lacking);

    private readonly record struct Lack(DateTimeOffset Since, double Seconds);
}

/// <param name="Since">From when on its counter counts.</param>
/// <param name="Pod">Id of its pod.</param>
internal readonly record struct ThrottledContainer(string Id, DateTimeOffset Since, string Pod, DateTimeOffset PodSince, ContainerUsage Usage);

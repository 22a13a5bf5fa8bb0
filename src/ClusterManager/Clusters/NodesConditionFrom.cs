using System.Globalization;
using Fleet.ClusterManager.Connections;
using Fleet.Contracts.Conditions;
using static Fleet.Contracts.Clusters.ClusterDeploymentConditions;

namespace Fleet.ClusterManager.Clusters;

/// <summary>
/// The condition NodesReady: as many nodes are Ready as the CAPI objects want, or all of an adopted cluster. Pure.
/// </summary>
internal static class NodesConditionFrom
{
    /// <summary>A message with more names helps nobody.</summary>
    private const int MostNamed = 3;

    /// <summary>A node that joined less than this ago is on its way: images of the network plugin are pulled, for instance.</summary>
    private static readonly TimeSpan Young = TimeSpan.FromMinutes(10);

    /// <summary>Leads what was known before contact was lost, so that it is told once.</summary>
    private const string LastSeen = "not known; last seen ";

    public static Condition? Of(ClusterFacts facts, ClusterContact contact, Condition? before, DateTimeOffset now)
    {
        if (facts.Kubeconfig?.Text is null || !contact.IsReachable)
            return before is null || contact is { Last: null } and { Answered: null } && facts.Kubeconfig?.Text is not null ? before : Lost(contact, before);
        if (contact.Nodes is not { } nodes)
            return contact.NodesProblem is { } problem
                ? Condition.Unknown(NodesReady, NodesNotReady, $"nodes cannot be read: {problem}")
                : before ?? Condition.Unknown(NodesReady, Reason.Progressing, "nodes are being listed");
        return Of(nodes, facts.IsAdopted ? nodes.Count : facts.Capi?.WantedNodes ?? nodes.Count, now);
    }

    private static Condition Of(IReadOnlyList<NodeRow> nodes, int wanted, DateTimeOffset now)
    {
        if (nodes.Count == 0 && wanted == 0)
            return Condition.True(NodesReady, NoNodes, "the cluster has no nodes, and none are declared");
        var bad = nodes.Where(node => !node.IsReady).OrderBy(node => node.Name, StringComparer.Ordinal).ToList();
        var ready = nodes.Count - bad.Count;
        var message = $"{ready}/{wanted} nodes are Ready";
        if (bad.Count > 0)
            message += $"; not Ready: {string.Join(", ", bad.Take(MostNamed).Select(node => $"{node.Name} ({node.Problem})"))}{(bad.Count > MostNamed ? $" and {bad.Count - MostNamed} more" : "")}";
        if (nodes.Count < wanted)
            message += $"; {wanted - nodes.Count} {(wanted - nodes.Count == 1 ? "has" : "have")} not joined";
        if (ready >= wanted)
            return Condition.True(NodesReady, Reason.Succeeded, message);
        return Condition.False(NodesReady, bad.Exists(node => now - node.Created > Young) ? NodesNotReady : Reason.Progressing, message);
    }

    private static Condition Lost(ClusterContact contact, Condition before)
    {
        if (before.Status == ConditionStatus.Unknown && before.Message.StartsWith(LastSeen, StringComparison.Ordinal))
            return before;
        var time = contact.Answered is { } at ? at.UtcDateTime.ToString("HH:mm:ss'Z'", CultureInfo.InvariantCulture) + ": " : "";
        return Condition.Unknown(NodesReady, NodesNotReady, $"{LastSeen}{time}{before.Message}");
    }
}

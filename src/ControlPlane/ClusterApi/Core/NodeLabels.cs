using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Objects;

namespace Fleet.ControlPlane.ClusterApi.Core;

/// <summary>Labels that Cluster API carries over from Machines to their Nodes, and takes away again. Pure.</summary>
internal static class NodeLabels
{
    /// <summary>On a Node: which of its labels came from its Machine.</summary>
    private const string FromMachine = "cluster.x-k8s.io/labels-from-machine";

    private static readonly string[] Synced = ["node-role.kubernetes.io", "node-restriction.kubernetes.io", "node.cluster.x-k8s.io"];

    public static Dictionary<string, string> Of(JsonObject machine) =>
        machine.Strings("metadata", "labels").Where(p => IsSynced(p.Key)).ToDictionary(StringComparer.Ordinal);

    /// <summary>True when the Node had to be changed.</summary>
    public static bool Write(JsonObject node, JsonObject machine)
    {
        var wanted = Of(machine);
        var before = node.Annotation(FromMachine)?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (wanted.Count == 0 && before.Length == 0)
            return false;
        var labels = node.Ensure("metadata", "labels");
        var changed = false;
        foreach (var gone in before.Where(l => !wanted.ContainsKey(l)))
            changed |= labels.Remove(gone);
        foreach (var (name, value) in wanted)
            changed |= labels.Put(name, value);
        return changed | node.Ensure("metadata", "annotations").Put(FromMachine, string.Join(',', wanted.Keys.Order(StringComparer.Ordinal)));
    }

    private static bool IsSynced(string label)
    {
        var prefix = label.Split('/')[0];
        return label.Contains('/', StringComparison.Ordinal)
            && Array.Exists(Synced, s => prefix == s || (s != "node-role.kubernetes.io" && prefix.EndsWith($".{s}", StringComparison.Ordinal)));
    }
}

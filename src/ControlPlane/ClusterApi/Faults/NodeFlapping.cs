using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Objects;

namespace Fleet.ControlPlane.ClusterApi.Faults;

/// <summary>A node that loses its kubelet and finds it again in turns. Pure.</summary>
internal static class NodeFlapping
{
    private const string Unreachable = "node.kubernetes.io/unreachable";

    /// <summary>Whether the node is ready now, and how long that lasts. The turns are counted from a fixed time, so a restart changes nothing.</summary>
    public static (bool Up, TimeSpan Left) At(DateTimeOffset since, TimeSpan up, TimeSpan down, DateTimeOffset now)
    {
        var into = TimeSpan.FromTicks(Math.Max(0, (now - since).Ticks) % (up + down).Ticks);
        return into < up ? (true, up - into) : (false, up + down - into);
    }

    /// <summary>Writes the conditions as the node lifecycle controller does, with its taint; true when the node changed.</summary>
    public static bool Write(JsonObject node, bool up, DateTimeOffset now)
    {
        var condition = up
            ? Condition.True("Ready", "KubeletReady", "kubelet is posting ready status")
            : new Condition("Ready", "Unknown", "NodeStatusUnknown", "Kubelet stopped posting node status.");
        return node.Ensure("status").SetCondition(condition, now);
    }

    /// <summary>The taint that goes with it, in the spec; true when it changed.</summary>
    public static bool Taint(JsonObject node, bool up, DateTimeOffset now)
    {
        var taints = node.At("spec", "taints") as JsonArray ?? [];
        var seen = taints.OfType<JsonObject>().Where(t => t.Text("key") == Unreachable).ToList();
        if (up == (seen.Count == 0))
            return false;
        foreach (var taint in seen)
            taints.Remove(taint);
        if (!up)
        {
            foreach (var effect in new[] { "NoSchedule", "NoExecute" })
                taints.Add(new JsonObject { ["key"] = Unreachable, ["effect"] = effect, ["timeAdded"] = now.Rfc3339() });
        }
        if (taints.Parent is null)
            node.Ensure("spec")["taints"] = taints;
        return true;
    }
}

using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Objects;

namespace Fleet.ControlPlane.ClusterApi.Core;

/// <summary>The counters that everything with Machines has, in both contracts.</summary>
internal static class ReplicaCounts
{
    public static void Write(JsonObject status, IReadOnlyCollection<JsonObject> machines, int upToDate)
    {
        var ready = machines.Count(m => m.IsMachineReady());
        var available = machines.Count(m => m.IsMachineAvailable());
        Write(status, machines.Count, ready, available, upToDate);
    }

    public static void Write(JsonObject status, int replicas, int ready, int available, int upToDate)
    {
        status["replicas"] = replicas;
        status["readyReplicas"] = ready;
        status["availableReplicas"] = available;
        status["upToDateReplicas"] = upToDate;
        var old = status.Ensure("deprecated", "v1beta1");
        old["readyReplicas"] = ready;
        old["availableReplicas"] = available;
        old["updatedReplicas"] = upToDate;
        old["unavailableReplicas"] = Math.Max(0, replicas - available);
    }
}

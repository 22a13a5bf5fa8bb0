using System.Text.Json.Nodes;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Simulation;
using Fleet.ControlPlane.Simulation.Pods;

namespace Fleet.ControlPlane.ClusterApi.Faults;

/// <summary>How the API server of a simulated cluster shall misbehave, by annotation. Pure.</summary>
internal static class ApiFaults
{
    /// <summary>Null: not at all.</summary>
    public static ApiFault? Of(JsonObject? infrastructureCluster, JsonObject cluster)
    {
        var mode = ProvisioningFaults.Find(SimulationAnnotations.Api, infrastructureCluster ?? [], cluster) switch
        {
            "unreachable" => ApiFaultMode.Unreachable,
            "hanging" => ApiFaultMode.Hanging,
            _ => ApiFaultMode.None,
        };
        var latency = PodFaults.Duration(ProvisioningFaults.Find(SimulationAnnotations.ApiLatency, infrastructureCluster ?? [], cluster)) ?? TimeSpan.Zero;
        return mode == ApiFaultMode.None && latency <= TimeSpan.Zero ? null : new(mode, latency);
    }
}

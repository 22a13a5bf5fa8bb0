using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.ControlPlane.Simulation.Pods;

namespace Fleet.ControlPlane.ClusterApi;

/// <summary>What the annotations of an infrastructure object ask to go wrong.</summary>
internal static class ProvisioningFaults
{
    /// <summary>The message to fail with; null to succeed.</summary>
    public static string? Failure(JsonObject obj) => obj.Annotation(SimulationAnnotations.Fail);

    public static TimeSpan Slowed(JsonObject obj, TimeSpan length) => length + (PodFaults.Duration(obj.Annotation(SimulationAnnotations.Slow)) ?? TimeSpan.Zero);

    public static int? MachineQuota(JsonObject infrastructureCluster) =>
        int.TryParse(infrastructureCluster.Annotation(SimulationAnnotations.Quota), out var quota) ? quota : null;
}

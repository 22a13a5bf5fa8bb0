using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Objects;

namespace Fleet.ControlPlane.ClusterApi;

/// <summary>What providers read of the core's objects, in either contract's place (v1beta2: status.initialization; v1beta1: plain flags and a condition). Pure.</summary>
internal static class ClusterContract
{
    public static bool IsInfrastructureProvisioned(JsonObject cluster) =>
        cluster.Flag("status", "initialization", "infrastructureProvisioned") || cluster.Flag("status", "infrastructureReady");

    public static bool IsControlPlaneInitialized(JsonObject cluster) =>
        cluster.Flag("status", "initialization", "controlPlaneInitialized")
        || (cluster.Child("status", "initialization") is null && cluster.IsTrue("ControlPlaneInitialized"));

    /// <summary>The contract has the object do nothing at all: it is paused itself, or with its Cluster.</summary>
    public static bool IsPaused(JsonObject? cluster, JsonObject obj) =>
        cluster?.Flag("spec", "paused") == true || obj.Annotation(CapiNames.PausedAnnotation) is not null;

    /// <summary>Somebody else provides this infrastructure; nothing of it may be touched. The annotation counts with any value.</summary>
    public static bool IsExternallyManaged(JsonObject infrastructureCluster) => infrastructureCluster.Annotation(CapiNames.ManagedByAnnotation) is not null;
}

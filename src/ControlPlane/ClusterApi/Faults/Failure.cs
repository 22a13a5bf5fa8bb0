using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Objects;

namespace Fleet.ControlPlane.ClusterApi.Faults;

/// <summary>A failure that was asked for. A terminal one stays when the annotation is taken away.</summary>
internal readonly record struct Failure(string Reason, string Message, bool Terminal = false);

/// <summary>Failures in the status of infrastructure objects.</summary>
internal static class FailureStatus
{
    /// <summary>Contract v1beta1 has fields for failures that nothing but another object mends; v1beta2 leaves it to conditions.</summary>
    public static void WriteTerminal(this JsonObject status, Failure failure)
    {
        if (!failure.Terminal)
            return;
        status.Put("failureReason", failure.Reason);
        status.Put("failureMessage", failure.Message);
    }
}

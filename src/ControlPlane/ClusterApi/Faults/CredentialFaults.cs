using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation;
using Fleet.ControlPlane.Simulation.Objects;

namespace Fleet.ControlPlane.ClusterApi.Faults;

/// <summary>Credentials that a cloud would refuse, by annotation. Pure.</summary>
internal static class CredentialFaults
{
    public const string Reason = "PrincipalCredentialRetrievalFailed";

    /// <summary>The cloud's answer; null when the first of the objects that has the annotation has a value that means nothing, or none has it.</summary>
    /// <param name="whose">The identity or Secret in words, for the message.</param>
    /// <param name="places">Where the annotation may stand.</param>
    public static Failure? Of(string whose, params ReadOnlySpan<JsonObject?> places)
    {
        foreach (var place in places)
        {
            if (place?.Annotation(SimulationAnnotations.Credentials) is not { } value)
                continue;
            return value switch
            {
                "expired" => new Failure(Reason, $"ExpiredToken: the credentials of {whose} have expired"),
                "denied" => new Failure(Reason, $"AccessDenied: the credentials of {whose} do not allow this"),
                _ => null,
            };
        }
        return null;
    }
}

using System.Text.Json.Nodes;
using Fleet.ControlPlane.Machinery;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Kinds;

/// <summary>Checks of built-in kinds beyond their schemas.</summary>
internal static class BuiltInValidation
{
    public static void Check(KindInfo kind, JsonObject body, JsonObject? old, WriteContext context, List<ApiStatusCause> causes)
    {
    }
}

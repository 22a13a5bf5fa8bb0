using System.Text.Json.Nodes;
using Fleet.ControlPlane.Kinds;

namespace Fleet.ControlPlane.Machinery;

/// <summary>Keeps metadata.managedFields: who has set what.</summary>
internal static class FieldOwnership
{
    public static void Track(KindInfo kind, JsonObject? old, JsonObject body, WriteContext context, TimeProvider clock)
    {
    }
}

using System.Text.Json.Nodes;

namespace Fleet.ControlPlane.Schemas;

/// <summary>Checks the <c>x-kubernetes-validations</c> of a schema node when a CRD is created.</summary>
internal static class StructuralRules
{
    public static void Check(JsonObject node, string path, List<FieldError> errors)
    {
    }
}

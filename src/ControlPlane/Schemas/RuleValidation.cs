using System.Text.Json.Nodes;

namespace Fleet.ControlPlane.Schemas;

/// <summary>Evaluates <c>x-kubernetes-validations</c>.</summary>
internal static class RuleValidation
{
    public static void Check(JsonObject value, JsonObject? old, Schema schema, FieldErrors errors)
    {
    }
}

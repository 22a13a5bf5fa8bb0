using System.Text.Json.Nodes;

namespace Fleet.ControlPlane.Schemas;

/// <summary>Checks a value against a schema, with upstream's messages and field paths.</summary>
public static class SchemaValidation
{
    /// <summary>
    /// All errors, in the order of the fields. With an old value, transition rules (<c>oldSelf</c>) are evaluated as well.
    /// Values must have been pruned and defaulted before.
    /// </summary>
    public static IReadOnlyList<FieldError> Validate(JsonObject value, JsonObject? old, Schema schema) => [];
}

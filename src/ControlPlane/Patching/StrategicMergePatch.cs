using System.Text.Json.Nodes;
using Fleet.ControlPlane.Schemas;

namespace Fleet.ControlPlane.Patching;

/// <summary>Strategic merge patch, for built-in kinds only.</summary>
public static class StrategicMergePatch
{
    /// <summary>
    /// The patched object; the arguments are not changed. The schema is that of the kind (<see cref="BuiltInSchemas.Find"/>);
    /// without one (a custom resource) the answer is 415, as upstream's.
    /// </summary>
    public static JsonObject Apply(JsonObject target, JsonObject patch, Schema? schema) =>
        schema is null ? throw PatchErrors.UnsupportedForCustomResources() : (JsonObject)JsonMergePatch.Apply(target, patch)!;
}

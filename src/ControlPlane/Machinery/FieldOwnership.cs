using System.Text.Json.Nodes;
using Fleet.ControlPlane.Kinds;
using Fleet.ControlPlane.Patching;

namespace Fleet.ControlPlane.Machinery;

/// <summary>Keeps metadata.managedFields: who has set what.</summary>
internal static class FieldOwnership
{
    /// <summary>The object to store. Writes that were an apply have done it themselves.</summary>
    public static JsonObject Track(KindInfo kind, JsonObject? old, JsonObject body, WriteContext context, TimeProvider clock)
    {
        // What a simulated kubelet or controller makes nobody else edits, and the bookkeeping would be a third of its memory.
        if (old is null && context.Untracked)
        {
            (body["metadata"] as JsonObject)?.Remove("managedFields");
            return body;
        }
        var tracked = context.IsApply ? body : ServerSideApply.TrackUpdate(old, body, kind.Schema, Writer(kind, context, clock));
        if (tracked["metadata"] is JsonObject metadata && metadata["managedFields"] is JsonArray { Count: 0 }) metadata.Remove("managedFields");
        return tracked;
    }

    public static FieldWriter Writer(KindInfo kind, WriteContext context, TimeProvider clock) =>
        new(context.FieldManager, kind.ApiVersion, context.Subresource ?? "", clock.GetUtcNow()) { StatusIsSubresource = kind.HasStatus };
}

using System.Globalization;
using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Machinery;

/// <summary>Reading and setting the few metadata fields that the machinery itself needs. Reading tolerates any shape: validation reports it.</summary>
internal static class ObjectFields
{
    public static JsonObject Metadata(this JsonObject body)
    {
        if (body["metadata"] is JsonObject metadata) return metadata;
        if (body["metadata"] is not null) throw ApiErrors.BadRequest("metadata must be an object");
        body["metadata"] = metadata = [];
        return metadata;
    }

    public static string? Text(this JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>Values that came over the wire convert to any width; those made in code have exactly the type they were made with.</summary>
    public static long? Number(this JsonNode? node)
    {
        if (node is not JsonValue value) return null;
        if (value.TryGetValue<long>(out var wide)) return wide;
        return value.TryGetValue<int>(out var narrow) ? narrow : null;
    }

    public static bool IsTrue(this JsonNode? node) => node is JsonValue value && value.TryGetValue<bool>(out var flag) && flag;

    public static string? Name(this JsonObject body) => (body["metadata"] as JsonObject)?["name"].Text();

    public static string? Namespace(this JsonObject body) => (body["metadata"] as JsonObject)?["namespace"].Text();

    public static ObjectKey Key(this JsonObject body) => new(body.Namespace() ?? "", body.Name() ?? "");

    public static bool IsTerminating(this JsonObject body) => (body["metadata"] as JsonObject)?["deletionTimestamp"] is not null;

    public static JsonArray? Finalizers(this JsonObject body) => (body["metadata"] as JsonObject)?["finalizers"] as JsonArray;

    public static bool HasFinalizer(this JsonObject body, string finalizer) => body.Finalizers()?.Any(f => f.Text() == finalizer) ?? false;

    public static void RemoveFinalizer(this JsonObject body, string finalizer)
    {
        if (body.Finalizers() is not { } finalizers) return;
        for (var i = finalizers.Count - 1; i >= 0; i--)
        {
            if (finalizers[i].Text() == finalizer) finalizers.RemoveAt(i);
        }
        if (finalizers.Count == 0) body.Metadata().Remove("finalizers");
    }

    public static void AddFinalizer(this JsonObject body, string finalizer)
    {
        if (body.HasFinalizer(finalizer)) return;
        if (body.Finalizers() is { } finalizers) finalizers.Add(finalizer);
        else body.Metadata()["finalizers"] = new JsonArray(finalizer);
    }

    public static string Timestamp(this TimeProvider clock) => clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Moves a node from one parent to another: a node has one parent only.</summary>
    public static JsonNode? Detach(this JsonObject from, string name)
    {
        from.Remove(name, out var node);
        return node;
    }

    public static void Restore(this JsonObject body, JsonObject from, string name)
    {
        if (from[name] is { } node) body[name] = node.DeepClone();
        else body.Remove(name);
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Helm.Releases;
using Fleet.Kubernetes.Objects;

namespace Fleet.StateManager.Inventory;

/// <summary>
/// What is kept of an object in the cluster: everything that a manifest can state about it, and what <see cref="ObjectProjection"/> made of the rest.
/// Status, owners of fields and the counters of metadata are not kept, so that an object that is merely busy looks unchanged.
/// </summary>
internal sealed record LiveObject(ReleaseName Release, string Uid, bool IsBeingDeleted, PackedJson Content)
{
    /// <summary>JSON pointers of the fields that somebody set through the subresource <c>scale</c>, one a line: a HorizontalPodAutoscaler, <c>kubectl scale</c>.</summary>
    public string ScaledFields { get; init; } = "";

    /// <summary>From <see cref="ObjectProjection"/>; null when there is none.</summary>
    public object? Projected { get; init; }

    public static LiveObject Of(ReleaseName release, DynamicObject live, object? projected)
    {
        var metadata = live.Root["metadata"] as JsonObject;
        return new LiveObject(release, (string?)metadata?["uid"] ?? "", metadata?["deletionTimestamp"] is not null, PackedJson.Of(writer => Write(writer, live.Root)))
        {
            ScaledFields = string.Join('\n', Scaled(metadata?["managedFields"] as JsonArray)),
            Projected = projected,
        };
    }

    private static void Write(Utf8JsonWriter writer, JsonObject root)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in root)
        {
            if (name == "status")
                continue;
            writer.WritePropertyName(name);
            if (name == "metadata" && value is JsonObject metadata)
                WriteMetadata(writer, metadata);
            else
                WriteNode(writer, value);
        }

        writer.WriteEndObject();
    }

    private static void WriteMetadata(Utf8JsonWriter writer, JsonObject metadata)
    {
        writer.WriteStartObject();
        foreach (var name in new[] { "name", "namespace", "labels", "annotations" })
        {
            if (metadata[name] is not { } value)
                continue;
            writer.WritePropertyName(name);
            WriteNode(writer, value);
        }

        writer.WriteEndObject();
    }

    private static void WriteNode(Utf8JsonWriter writer, JsonNode? node)
    {
        if (node is null)
            writer.WriteNullValue();
        else
            node.WriteTo(writer);
    }

    private static IEnumerable<string> Scaled(JsonArray? managers) => (managers ?? [])
        .OfType<JsonObject>()
        .Where(m => (string?)m["subresource"] == "scale")
        .SelectMany(m => Leaves(m["fieldsV1"] as JsonObject, ""));

    private static IEnumerable<string> Leaves(JsonObject? fields, string path) => (fields ?? [])
        .Where(f => f.Key.StartsWith("f:", StringComparison.Ordinal))
        .SelectMany(f => f.Value is JsonObject { Count: > 0 } deeper
            ? Leaves(deeper, $"{path}/{f.Key[2..]}")
            : [$"{path}/{f.Key[2..]}"])
        .Where(p => !p.StartsWith("/status", StringComparison.Ordinal));
}

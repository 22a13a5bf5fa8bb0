using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fleet.Kubernetes.Objects;

/// <summary>An object of any kind, kept as JSON. <see cref="Root"/> is the truth; <see cref="Metadata"/> is a read-only view made on first use.</summary>
public sealed class DynamicObject(JsonObject root) : IKubernetesObject
{
    private ObjectMeta? metadata;

    public JsonObject Root { get; } = root;

    public string? ApiVersion => (string?)Root["apiVersion"];

    public string? Kind => (string?)Root["kind"];

    public ObjectMeta Metadata => metadata ??= Root["metadata"] is JsonObject meta
        ? meta.Deserialize(KubernetesJson.Default.ObjectMeta) ?? new()
        : new();

    public ObjectKey Key => new((string?)Root["metadata"]?["namespace"] ?? "", (string?)Root["metadata"]?["name"] ?? "");

    /// <summary>The node at a path of property names, or null where any step is absent or not an object.</summary>
    public JsonNode? At(params ReadOnlySpan<string> path)
    {
        JsonNode? node = Root;
        foreach (var step in path)
            node = (node as JsonObject)?[step];
        return node;
    }
}

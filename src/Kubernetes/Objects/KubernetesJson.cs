using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Fleet.Kubernetes.Objects;

/// <summary>Source-generated JSON of the objects that this library knows.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ObjectMeta))]
[JsonSerializable(typeof(OwnerReference))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(JsonNode))]
public sealed partial class KubernetesJson : JsonSerializerContext;

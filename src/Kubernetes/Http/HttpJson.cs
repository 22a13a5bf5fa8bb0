using System.Text.Json.Serialization;

namespace Fleet.Kubernetes.Http;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ApiStatus))]
internal sealed partial class HttpJson : JsonSerializerContext;

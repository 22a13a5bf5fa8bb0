using System.Text.Json.Serialization;

namespace Fleet.ClusterManager.Api;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ClusterResponse))]
[JsonSerializable(typeof(ClusterListResponse))]
internal sealed partial class ApiJson : JsonSerializerContext;

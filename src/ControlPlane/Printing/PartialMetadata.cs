using System.Text.Json.Nodes;
using Fleet.ControlPlane.Storage;

namespace Fleet.ControlPlane.Printing;

/// <summary>meta.k8s.io/v1 PartialObjectMetadata: an object without everything but its metadata.</summary>
internal static class PartialMetadata
{
    public static JsonObject Of(StoredObject stored) => Of(stored.Parse());

    public static JsonObject Of(JsonObject body) => new()
    {
        ["kind"] = "PartialObjectMetadata",
        ["apiVersion"] = "meta.k8s.io/v1",
        ["metadata"] = body["metadata"]?.DeepClone(),
    };

    public static JsonObject ListOf(IEnumerable<StoredObject> items, JsonObject metadata) => new()
    {
        ["kind"] = "PartialObjectMetadataList",
        ["apiVersion"] = "meta.k8s.io/v1",
        ["metadata"] = metadata,
        ["items"] = new JsonArray([.. items.Select(i => (JsonNode)Of(i))]),
    };
}

using System.Text.Json.Nodes;
using Fleet.Kubernetes.Yaml;
using Fleet.Helm.Values;

namespace Fleet.StateManager.Services;

/// <summary>Values of a service put together. Pure.</summary>
internal static class ServiceValues
{
    public static JsonObject Merge(IEnumerable<ValuesLayer> layers) =>
        layers.Aggregate(new JsonObject(), (merged, layer) => ValuesMerge.Merge(merged, layer.Values));

    /// <summary>The texts inside values that must not be shown.</summary>
    public static IEnumerable<string> Texts(JsonNode? values) => values switch
    {
        JsonObject map => map.SelectMany(p => Texts(p.Value)),
        JsonArray list => list.SelectMany(Texts),
        JsonValue value when value.TryGetValue<string>(out var text) && text.Length >= ShortestSecret => [text],
        _ => [],
    };

    /// <summary>Hiding every "true" or "80" in a message would hide the message.</summary>
    private const int ShortestSecret = 4;

    public static JsonObject Parse(string name, string text)
    {
        JsonNode? node;
        try
        {
            node = KubernetesYaml.Parse(text);
        }
        catch (KubernetesYamlException e)
        {
            throw new ServiceValuesException($"{name}: {e.Message}");
        }
        return node switch
        {
            null => [],
            JsonObject map => map,
            _ => throw new ServiceValuesException($"{name}: a map is expected, for instance replicaCount: 2"),
        };
    }
}

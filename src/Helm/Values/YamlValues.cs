using System.Text;
using System.Text.Json.Nodes;
using Fleet.Kubernetes.Yaml;

namespace Fleet.Helm.Values;

/// <summary>Values and Chart.yaml as helm reads them: a key that is there twice is allowed, the last one wins.</summary>
public static class YamlValues
{
    private static readonly YamlReadOptions Options = YamlReadOptions.Default with { LastDuplicateWins = true };

    /// <summary>A document that is empty or null gives an empty object. Throws <see cref="FormatException"/> with the line when it is not a map or not YAML.</summary>
    public static JsonObject ParseObject(string yaml)
    {
        try
        {
            return KubernetesYaml.Parse(yaml, Options) switch
            {
                null => [],
                JsonObject map => map,
                _ => throw new FormatException("The YAML must be a map at its top level."),
            };
        }
        catch (KubernetesYamlException e)
        {
            throw new FormatException($"line {e.Line}, column {e.Column}: {e.Problem}", e);
        }
    }

    /// <summary>JSON is YAML; helm reads it faster, and no text can be mistaken for another type.</summary>
    internal static byte[] ToFile(JsonObject values) => Encoding.UTF8.GetBytes(YamlJson.Text(values));
}

using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Fleet.Contracts;
using Fleet.Contracts.Services;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Rest.Problems;
using Fleet.StateManager.MultiClusterServices;
using Fleet.StateManager.Services;

namespace Fleet.StateManager.Previews;

/// <summary>Objects that somebody may apply, as far as they say where services go and what they are. Pure.</summary>
/// <param name="Chains">ServiceTemplateChains, along which services are upgraded.</param>
/// <param name="Values">ConfigMaps and Secrets, which services may take values from.</param>
/// <param name="Ignored">What of it is not previewed, in words.</param>
internal sealed record PostedObjects(
    IReadOnlyList<ClusterDeployment> Clusters, IReadOnlyList<MultiClusterRow> Services, IReadOnlyList<ServiceTemplate> Templates, IReadOnlyList<ServiceTemplateChain> Chains,
    IReadOnlyList<DynamicObject> Values, IReadOnlyList<string> Ignored)
{
    public bool IsChained(Service service) => service.TemplateChain is { Length: > 0 } name && Chains.Any(chain => chain.Metadata.Name == name);

    public PostedSources Sources => new(Templates, Values);

    /// <exception cref="ProblemException">One of them is not what its kind is.</exception>
    public static PostedObjects Read(IReadOnlyList<JsonObject> objects)
    {
        var (clusters, services, templates) = (new List<ClusterDeployment>(), new List<MultiClusterRow>(), new List<ServiceTemplate>());
        var chains = new List<ServiceTemplateChain>();
        var (values, ignored) = (new List<DynamicObject>(), new List<string>());
        for (var index = 0; index < objects.Count; index++)
        {
            var item = (JsonObject)objects[index].DeepClone();
            var kind = Text(item, "kind");
            if (kind.Length == 0 || Text(item["metadata"] as JsonObject, "name").Length == 0)
                throw ProblemException.Invalid($"objects[{index}]", "must have apiVersion, kind and metadata.name");
            var isOurs = Text(item, "apiVersion").StartsWith(FleetApi.Group + "/", StringComparison.Ordinal);
            switch (isOurs ? kind : Text(item, "apiVersion") == "v1" && kind is "ConfigMap" or "Secret" ? "values" : "")
            {
                case "values":
                    values.Add(Kept(item, index));
                    break;
                case "ClusterDeployment":
                    clusters.Add(Read(item, index, FleetKindsJson.Default.ClusterDeployment));
                    break;
                case "MultiClusterService":
                    services.Add(MultiClusterRow.Of(FleetKinds.MultiClusterServices.Kind, Read(item, index, FleetKindsJson.Default.MultiClusterService, isNamespaced: false)));
                    break;
                case "NamespacedMultiClusterService":
                    services.Add(MultiClusterRow.Of(FleetKinds.NamespacedMultiClusterServices.Kind, Read(item, index, FleetKindsJson.Default.NamespacedMultiClusterService)));
                    break;
                case "ServiceTemplate":
                    templates.Add(Checked(Read(item, index, FleetKindsJson.Default.ServiceTemplate)));
                    break;
                case "ServiceTemplateChain":
                    chains.Add(Read(item, index, FleetKindsJson.Default.ServiceTemplateChain));
                    break;
                default:
                    ignored.Add($"{kind} {Text(item["metadata"] as JsonObject, "name")} is not previewed: what it would change is not shown");
                    break;
            }
        }
        return new(clusters, services, templates, chains, values, ignored);
    }

    private static T Read<T>(JsonObject item, int index, JsonTypeInfo<T> type, bool isNamespaced = true) where T : IKubernetesObject
    {
        if (isNamespaced)
            Place(item);
        try
        {
            return item.Deserialize(type) ?? throw ProblemException.Invalid($"objects[{index}]", "must be an object");
        }
        catch (JsonException e)
        {
            throw ProblemException.Invalid($"objects[{index}]{(e.Path is { Length: > 1 } path ? path[1..] : "")}", "is not of the type that the kind has here");
        }
    }

    /// <summary>As the API server keeps it: all of a Secret in <c>data</c>.</summary>
    private static DynamicObject Kept(JsonObject item, int index)
    {
        Place(item);
        var data = item["data"] as JsonObject ?? [];
        foreach (var (key, value) in (item["stringData"] as JsonObject)?.ToList() ?? [])
            data[key] = Convert.ToBase64String(Encoding.UTF8.GetBytes(Text(value)));
        foreach (var (key, value) in data)
            if (value is not JsonValue text || !text.TryGetValue<string>(out var content) || (Text(item, "kind") == "Secret" && !Convert.TryFromBase64String(content, new byte[content.Length], out _)))
                throw ProblemException.Invalid($"objects[{index}].data.{key}", "must be text, in a Secret base64");
        item.Remove("stringData");
        item["data"] = data.DeepClone();
        return new(item);
    }

    /// <summary>As kubectl without a namespace.</summary>
    private static void Place(JsonObject item)
    {
        if (Text(item["metadata"] as JsonObject, "namespace").Length == 0)
            item["metadata"]!["namespace"] = "default";
    }

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    /// <summary>Nobody has looked at it yet; when its chart is pulled it shows whether it is valid.</summary>
    private static ServiceTemplate Checked(ServiceTemplate template)
    {
        template.Status = new() { Valid = true, ObservedGeneration = template.Metadata.Generation };
        return template;
    }

    private static string Text(JsonObject? item, string field) => Text(item?[field]);
}

using System.Text.Json.Nodes;
using Fleet.Helm.Releases;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Yaml;
using Fleet.StateManager.Services;

namespace Fleet.StateManager.Manifests;

/// <summary>From texts to the objects of a release: lists taken apart, everything named once. Pure.</summary>
internal static class ManifestReader
{
    /// <summary>The largest bundles of operators have some 300 objects.</summary>
    internal const int MaxObjects = 1_000;

    private static readonly string[] KustomizationNames = ["kustomization.yaml", "kustomization.yml"];

    /// <param name="texts">The manifests, in order.</param>
    /// <param name="release">Objects without a namespace go into the release's; so does one of the same name with it.</param>
    /// <param name="namespace">Replaces every namespace that an object states; null leaves them.</param>
    /// <param name="layered">The texts are of several sources: what stands twice is that of the last one, and there may be nothing.</param>
    /// <exception cref="ManifestException">Something is no object, stands twice, or there is too much or nothing of it.</exception>
    public static ManifestSet Read(IEnumerable<ManifestText> texts, ReleaseName release, string? @namespace, bool layered = false)
    {
        var places = new Dictionary<ManifestId, string>();
        // In the order in which they came first, so that a release does not change because a source of less weight does.
        var found = new OrderedDictionary<ManifestId, JsonObject>();
        var secrets = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (text, item) in texts.SelectMany(text => Documents(text).SelectMany(Items).Select(item => (text, item))))
        {
            if (@namespace is not null && item["metadata"] is JsonObject metadata && metadata["namespace"] is not null)
                metadata["namespace"] = @namespace;
            var id = Identify(text, item, release);
            if (!places.TryAdd(id, text.Name) && !layered)
                throw new ManifestException($"{id} is there twice: in {places[id]} and in {text.Name}");
            if (places.Count > MaxObjects)
                throw new ManifestException($"there are more than {MaxObjects} objects; spread them over several services");
            if (id is { Group: "", Kind: "Secret" })
                secrets.UnionWith(SecretTexts.Of(item));
            found[id] = item;
        }

        // Nothing would mean: remove what is installed. A file that lost its content is likelier.
        if (places.Count == 0 && !layered)
            throw new ManifestException("there is no object in it");
        var isFoundation = found.ToLookup(pair => IsFoundation(pair.Key, release), pair => pair.Value);
        return new([.. isFoundation[false]], [.. isFoundation[true]], secrets);
    }

    private static bool IsFoundation(ManifestId id, ReleaseName release) =>
        id is { Group: "apiextensions.k8s.io", Kind: "CustomResourceDefinition" } || (id is { Group: "", Kind: "Namespace" } && id.Name == release.Namespace);

    private static IReadOnlyList<JsonObject> Documents(ManifestText text)
    {
        try
        {
            return [.. KubernetesYaml.ReadAll(text.Text)];
        }
        catch (KubernetesYamlException e)
        {
            throw new ManifestException($"{text.Name}: {e.Message}");
        }
    }

    private static IEnumerable<JsonObject> Items(JsonObject document)
    {
        if (document["kind"] is not JsonValue kind || !kind.TryGetValue<string>(out var name) || !name.EndsWith("List", StringComparison.Ordinal) || document["items"] is not JsonArray items)
            return [document];
        return items.OfType<JsonObject>().Select(item => item.DeepClone().AsObject()).SelectMany(Items);
    }

    private static ManifestId Identify(ManifestText text, JsonObject item, ReleaseName release)
    {
        var (version, kind) = (Text(item["apiVersion"]) ?? "", Text(item["kind"]) ?? "");
        var type = GroupVersionKind.Parse(version, kind);
        // Kustomizations need not say what they are.
        if (type.Group == "kustomize.config.k8s.io" || (kind.Length == 0 && KustomizationNames.Any(name => text.Name.EndsWith(name, StringComparison.Ordinal))))
            throw new ManifestException($"{text.Name} is a kustomization; name its folder in spec.kustomize");
        if (version.Length == 0 || kind.Length == 0)
            throw new ManifestException($"{text.Name}: an object has no apiVersion or no kind");
        if (item["metadata"] is not JsonObject metadata || Text(metadata["name"]) is not { Length: > 0 } name)
            throw new ManifestException($"{text.Name}: a {kind} has no metadata.name");
        if (metadata["namespace"] is { } stated && Text(stated) is null)
            throw new ManifestException($"{text.Name}: metadata.namespace of {kind} {name} is no text");
        return new(type.Group, kind, Text(metadata["namespace"]) is { Length: > 0 } own ? own : release.Namespace, name);
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>The version of the kind does not count: it is the same object in each.</summary>
    private readonly record struct ManifestId(string Group, string Kind, string Namespace, string Name)
    {
        public override string ToString() => Namespace.Length == 0 ? $"{Kind} {Name}" : $"{Kind} {Name} (namespace {Namespace})";
    }
}

using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Fleet.Contracts.Services;
using Fleet.Helm.Patches;
using Fleet.Helm.Values;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Yaml;
using Fleet.StateManager.Drift;

namespace Fleet.StateManager.Patches;

/// <summary>
/// From what people write to what kustomize takes: a patch that names its object instead of a target finds it or does nothing (a set's patches are for all of
/// its services, and not each has the object), a strategic merge with a target need not name anything. Pure.
/// </summary>
internal static class ReleasePatchFrom
{
    private static readonly string[] Operations = ["add", "remove", "replace", "move", "copy", "test"];

    /// <param name="patch">With its text rendered.</param>
    /// <param name="namespace">Where objects go that state none.</param>
    /// <exception cref="PatchException">It is no patch.</exception>
    public static ReleasePatch Of(StatedPatch patch, string @namespace) => Parse(patch) switch
    {
        JsonArray operations => Operated(patch, operations, @namespace),
        JsonObject merge => Merged(patch, merge, @namespace),
        _ => throw new PatchException($"{patch.Name}.patch is neither a map (a strategic merge) nor a list (JSON6902 operations)"),
    };

    private static JsonNode? Parse(StatedPatch patch)
    {
        try
        {
            return KubernetesYaml.Parse(patch.Text);
        }
        catch (KubernetesYamlException e)
        {
            throw new PatchException($"{patch.Name}.patch is no YAML: {e.Message}");
        }
    }

    private static ReleasePatch Operated(StatedPatch patch, JsonArray operations, string @namespace)
    {
        for (var i = 0; i < operations.Count; i++)
        {
            if (operations[i] is not JsonObject operation || Text(operation["op"]) is not { } op || !Operations.Contains(op))
                throw new PatchException($"{patch.Name}.patch: operation {i} has no op of {string.Join(", ", Operations)}");
            if (Text(operation["path"]) is not { } path || !path.StartsWith('/'))
                throw new PatchException($"{patch.Name}.patch: operation {i} has no path, for instance /spec/replicas");
        }
        return patch.Target is { } target
            ? new(patch.Name, Selector(patch, target, @namespace), YamlJson.Text(operations))
            : throw new PatchException($"{patch.Name}: a list of operations needs a target");
    }

    private static ReleasePatch Merged(StatedPatch patch, JsonObject merge, string @namespace)
    {
        var (version, kind, metadata) = (Text(merge["apiVersion"]), Text(merge["kind"]), merge["metadata"] as JsonObject);
        var name = Text(metadata?["name"]);
        if (patch.Target is null && (version is null || kind is null || name is null))
            throw new PatchException($"{patch.Name}: a strategic merge needs a target, or apiVersion, kind and metadata.name of the object that it is for");
        var target = patch.Target ?? Named(GroupVersionKind.Parse(version!, kind!), name!, Text(metadata?["namespace"]));
        // Kustomize wants to read an object; with a target it takes nothing of these from it.
        var whole = (JsonObject)merge.DeepClone();
        whole["apiVersion"] ??= "v1";
        whole["kind"] ??= "Patch";
        if (whole["metadata"] is not JsonObject named)
            whole["metadata"] = named = [];
        named["name"] ??= "patch";
        return new(patch.Name, Selector(patch, target, @namespace), YamlJson.Text(whole));
    }

    private static ObjectSelector Named(GroupVersionKind type, string name, string? @namespace) => new()
    {
        Group = type.Group.Length == 0 ? null : Regex.Escape(type.Group),
        Version = Regex.Escape(type.Version),
        Kind = Regex.Escape(type.Kind),
        Name = Regex.Escape(name),
        Namespace = @namespace is null ? null : Regex.Escape(@namespace),
    };

    private static JsonObject Selector(StatedPatch patch, ObjectSelector target, string @namespace)
    {
        try
        {
            _ = ObjectFilter.Of(target, $"{patch.Name}.target");
        }
        catch (DriftSettingsException e)
        {
            throw new PatchException(e.Message);
        }
        var selector = new JsonObject();
        Add(selector, "group", Whole(target.Group));
        Add(selector, "version", Whole(target.Version));
        Add(selector, "kind", Whole(target.Kind));
        Add(selector, "name", Whole(target.Name));
        Add(selector, "namespace", Whole(Namespace(target.Namespace, @namespace)));
        Add(selector, "labelSelector", target.LabelSelector);
        Add(selector, "annotationSelector", target.AnnotationSelector);
        return selector;
    }

    /// <summary>Kustomize takes what states no namespace to be in "default"; helm puts it into that of the release.</summary>
    private static string? Namespace(string? stated, string own) =>
        string.IsNullOrEmpty(stated) ? null
        : Regex.IsMatch(own, $@"\A(?:{stated})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant) ? $"(?:{stated})|default"
        : stated;

    private static string? Whole(string? expression) => string.IsNullOrEmpty(expression) ? null : $"^(?:{expression})$";

    private static void Add(JsonObject selector, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
            selector[name] = value;
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;
}

using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;

namespace Fleet.Backup.Snapshots;

/// <summary>An object that another names. Group and version may be unknown: then Kind is one of the core group.</summary>
/// <param name="Sure">The field can mean nothing else; when the object is not there, that is worth telling.</param>
internal readonly record struct NamedObject(string Group, string Version, string Kind, ObjectKey Key, bool Sure)
{
    public static NamedObject Core(string kind, ObjectKey key, bool sure) => new("", "v1", kind, key, sure);

    public override string ToString() => $"{Kind} {Key}";
}

/// <summary>
/// Finds what the spec of any kind refers to by the shapes that references have in Kubernetes, Cluster API, Flux and k0rdent. What is found too much costs one
/// read; what were not found would be lost.
/// </summary>
internal static class ObjectReferences
{
    private const int Deepest = 64;

    public static IEnumerable<NamedObject> Of(DynamicObject item, string systemNamespace)
    {
        var home = item.Key.Namespace.Length > 0 ? item.Key.Namespace : systemNamespace;
        return item.Root.Where(field => field.Key is not ("metadata" or "status" or "apiVersion" or "kind" or "data" or "binaryData" or "stringData"))
            .SelectMany(field => In(field.Key, field.Value, home, 0));
    }

    private static IEnumerable<NamedObject> In(string field, JsonNode? node, string home, int depth)
    {
        if (depth > Deepest)
            return [];
        return node switch
        {
            JsonObject inner => Itself(field, inner, home).Concat(inner.SelectMany(next => In(next.Key, next.Value, home, depth + 1))),
            JsonArray items => items.SelectMany(next => In(field, next, home, depth + 1)),
            JsonValue value when value.TryGetValue(out string? name) => Named(field, name, home),
            _ => [],
        };
    }

    private static IEnumerable<NamedObject> Itself(string field, JsonObject node, string home)
    {
        if (Text(node, "name") is not { } name)
            yield break;
        var key = new ObjectKey(Text(node, "namespace") ?? home, name);
        var isOptional = node["optional"] is JsonValue flag && flag.TryGetValue(out bool optional) && optional;
        if (Text(node, "kind") is { } kind)
        {
            if (Text(node, "apiVersion") is { } apiVersion)
            {
                var type = GroupVersionKind.Parse(apiVersion, kind);
                yield return new(type.Group, type.Version, kind, key, !isOptional);
            }
            else if (Text(node, "apiGroup") is { } group)
            {
                yield return new(group, "", kind, key, !isOptional);
            }
            else if (kind is "Secret" or "ConfigMap")
            {
                yield return NamedObject.Core(kind, key, !isOptional);
            }
        }
        else if (Ends(field, "configMapRef") || Ends(field, "configMapKeyRef") || Ends(field, "configMap"))
        {
            yield return NamedObject.Core("ConfigMap", key, !isOptional);
        }
        else if (Ends(field, "secretRef") || Ends(field, "secretKeyRef") || Ends(field, "secret") || Ends(field, "kubeConfig"))
        {
            yield return NamedObject.Core("Secret", key, !isOptional);
        }
        else if (Text(node, "key") is not null)
        {
            // One value of an object, as DataSources and authentication name theirs: the kind is not written.
            yield return NamedObject.Core("Secret", key, sure: false);
            yield return NamedObject.Core("ConfigMap", key, sure: false);
        }
    }

    private static IEnumerable<NamedObject> Named(string field, string name, string home)
    {
        if (!IsName(name))
            yield break;
        if (Ends(field, "secretName") || Ends(field, "secretRef"))
            yield return NamedObject.Core("Secret", new(home, name), sure: false);
        else if (Ends(field, "configMapName"))
            yield return NamedObject.Core("ConfigMap", new(home, name), sure: false);
    }

    private static bool Ends(string field, string word) => field.EndsWith(word, StringComparison.OrdinalIgnoreCase);

    private static string? Text(JsonObject node, string field) =>
        node[field] is JsonValue value && value.TryGetValue(out string? text) && (field is "kind" or "apiVersion" or "apiGroup" or "key" ? text.Length > 0 : IsName(text)) ? text : null;

    /// <summary>Names with Go templates in them are known only when somebody renders them.</summary>
    private static bool IsName(string text) => text.Length is > 0 and <= 253 && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.' or ':');
}

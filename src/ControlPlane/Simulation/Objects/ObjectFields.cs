using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Simulation.Objects;

/// <summary>Reading and writing fields of objects that are kept as JSON. Reading what is absent or of another type gives null or the fallback.</summary>
internal static class ObjectFields
{
    public static JsonNode? At(this JsonObject root, params ReadOnlySpan<string> path)
    {
        JsonNode? node = root;
        foreach (var step in path)
            node = (node as JsonObject)?[step];
        return node;
    }

    public static string? Text(this JsonObject root, params ReadOnlySpan<string> path) =>
        root.At(path) is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public static bool Flag(this JsonObject root, params ReadOnlySpan<string> path) =>
        root.At(path) is JsonValue value && value.GetValueKind() == JsonValueKind.True;

    public static int? Number(this JsonObject root, params ReadOnlySpan<string> path) =>
        root.At(path) is JsonValue value && value.GetValueKind() == JsonValueKind.Number ? (int)value.AsDouble() : null;

    private static double AsDouble(this JsonValue value) =>
        double.Parse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture);

    public static DateTimeOffset? Time(this JsonObject root, params ReadOnlySpan<string> path) =>
        DateTimeOffset.TryParse(root.Text(path), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    public static JsonObject? Child(this JsonObject root, params ReadOnlySpan<string> path) => root.At(path) as JsonObject;

    /// <summary>The objects of a list; empty when absent.</summary>
    public static IEnumerable<JsonObject> Items(this JsonObject root, params ReadOnlySpan<string> path) =>
        root.At(path) is JsonArray list ? list.OfType<JsonObject>() : [];

    public static IEnumerable<string> Texts(this JsonObject root, params ReadOnlySpan<string> path) =>
        root.At(path) is JsonArray list ? list.OfType<JsonValue>().Select(v => v.ToString()) : [];

    /// <summary>The object at a path, made where it is absent.</summary>
    public static JsonObject Ensure(this JsonObject root, params ReadOnlySpan<string> path)
    {
        var node = root;
        foreach (var step in path)
        {
            if (node[step] is not JsonObject next)
                node[step] = next = [];
            node = next;
        }
        return node;
    }

    /// <summary>Sets a field where the value differs; true when it did. A null value removes it.</summary>
    public static bool Put(this JsonObject root, string name, JsonNode? value)
    {
        if (JsonNode.DeepEquals(root[name], value))
            return false;
        if (value is null)
            return root.Remove(name);
        root[name] = value;
        return true;
    }

    /// <summary>The labels or annotations as a dictionary; empty when there are none.</summary>
    public static Dictionary<string, string> Strings(this JsonObject root, params ReadOnlySpan<string> path) =>
        root.Child(path)?.Where(p => p.Value is JsonValue).ToDictionary(p => p.Key, p => p.Value!.ToString(), StringComparer.Ordinal) ?? [];

    public static JsonObject ToJson(this IEnumerable<KeyValuePair<string, string>> map) =>
        new(map.Select(p => KeyValuePair.Create<string, JsonNode?>(p.Key, p.Value)));

    public static JsonArray ToJson(this IEnumerable<JsonObject> items) => new([.. items]);

    public static string NameOf(this JsonObject obj) => obj.Text("metadata", "name") ?? "";

    public static string NamespaceOf(this JsonObject obj) => obj.Text("metadata", "namespace") ?? "";

    public static string Uid(this JsonObject obj) => obj.Text("metadata", "uid") ?? "";

    public static long Generation(this JsonObject obj) => obj.Number("metadata", "generation") ?? 1;

    public static ObjectKey KeyOf(this JsonObject obj) => new(obj.NamespaceOf(), obj.NameOf());

    public static bool IsDeleting(this JsonObject obj) => obj.At("metadata", "deletionTimestamp") is not null;

    public static string? Label(this JsonObject obj, string name) => obj.Text("metadata", "labels", name);

    public static string? Annotation(this JsonObject obj, string name) => obj.Text("metadata", "annotations", name);

    public static DateTimeOffset CreatedAt(this JsonObject obj) => obj.Time("metadata", "creationTimestamp") ?? DateTimeOffset.UnixEpoch;

    public static bool IsHeldBy(this JsonObject obj, string name) => obj.Texts("metadata", "finalizers").Contains(name);

    public static bool Hold(this JsonObject obj, string name)
    {
        if (obj.IsHeldBy(name))
            return false;
        if (obj.At("metadata", "finalizers") is JsonArray list)
            list.Add(name);
        else
            obj.Ensure("metadata")["finalizers"] = new JsonArray(name);
        return true;
    }

    public static bool LetGo(this JsonObject obj, string name)
    {
        if (obj.At("metadata", "finalizers") is not JsonArray list || list.FirstOrDefault(f => (string?)f == name) is not { } found)
            return false;
        list.Remove(found);
        return true;
    }

    /// <summary>Kubernetes' time format: whole seconds, UTC.</summary>
    public static string Rfc3339(this DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}

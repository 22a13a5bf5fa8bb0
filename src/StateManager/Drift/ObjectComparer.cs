using System.Text;
using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;

namespace Fleet.StateManager.Drift;

/// <summary>
/// What a manifest states and an object in the cluster has otherwise. Only what is stated counts: more keys of a map, more elements of a list that is
/// merged (a sidecar), defaults, are nobody's drift. Status is not compared, of metadata only labels and annotations. Pure.
/// </summary>
internal sealed class ObjectComparer
{
    private readonly GroupVersionKind type;
    private readonly IReadOnlyList<string[]> exclusions;
    private readonly List<FieldDrift> drifts = [];
    private readonly List<(FieldPath Path, JsonNode? Live)> left = [];

    private ObjectComparer(GroupVersionKind type, IReadOnlyList<string[]> exclusions) => (this.type, this.exclusions) = (type, exclusions);

    /// <param name="declared">As from <see cref="Canonical"/>.</param>
    /// <param name="live">As the server has it.</param>
    /// <param name="exclusions">Pointers, in steps, to what does not count.</param>
    public static ObjectComparison Compare(GroupVersionKind type, JsonObject declared, JsonObject live, IReadOnlyList<string[]> exclusions)
    {
        var comparer = new ObjectComparer(type, exclusions);
        foreach (var (name, value) in declared)
        {
            var path = FieldPath.Root.Field(name);
            if (name == "metadata")
                comparer.Metadata(value as JsonObject, live["metadata"] as JsonObject, path);
            else if (name is not ("apiVersion" or "kind" or "status") && !comparer.IsOthers(declared, name))
                comparer.Node(value, live[name], path);
        }

        return new ObjectComparison(comparer.drifts, comparer.left);
    }

    /// <summary>The manifest in the words of a server: what a Secret states as text is in its data.</summary>
    public static JsonObject Canonical(GroupVersionKind type, JsonObject declared)
    {
        if (type is not { Group: "", Kind: "Secret" } || declared["stringData"] is not JsonObject texts)
            return declared;
        if (declared["data"] is not JsonObject data)
            declared["data"] = data = [];
        foreach (var (key, text) in texts)
            data[key] = Convert.ToBase64String(Encoding.UTF8.GetBytes(text?.ToString() ?? ""));
        declared.Remove("stringData");
        return declared;
    }

    private void Metadata(JsonObject? declared, JsonObject? live, FieldPath path)
    {
        foreach (var name in new[] { "labels", "annotations" })
            Node(declared?[name], live?[name], path.Field(name));
    }

    private void Node(JsonNode? declared, JsonNode? live, FieldPath path)
    {
        if (exclusions.Any(path.IsWithin))
        {
            left.Add((path, live));
            return;
        }

        if (FieldValues.StatesNothing(type, path, declared, live is not null))
            return;
        if (declared is JsonObject map && live is JsonObject present)
            Map(map, present, path);
        else if (declared is JsonArray list && live is JsonArray others)
            List(list, others, path);
        else if (declared is JsonObject or JsonArray || !FieldValues.AreEqual(type, path, declared!, live))
            drifts.Add(new FieldDrift(path, declared!));
    }

    private void Map(JsonObject declared, JsonObject live, FieldPath path)
    {
        if (FieldValues.IsOneValue(type, path, declared) && live.Any(p => !declared.ContainsKey(p.Key)))
        {
            drifts.Add(new FieldDrift(path, declared));
            return;
        }

        // Applied again as it stands, an empty map would empty one that is known as a whole.
        if (declared.Count == 0 && live.Count > 0)
            left.Add((path, live));
        foreach (var (name, value) in declared)
            Node(value, live[name], path.Field(name));
    }

    private void List(JsonArray declared, JsonArray live, FieldPath path)
    {
        if (MergeKeys.For(type, path) is { } keys && Keyed(declared, keys) is { } wanted && Keyed(live, keys) is { } present)
            Merged(declared, live, path, wanted, present);
        else if (declared.Count == live.Count && declared.Concat(live).All(e => e is JsonObject) && !IsUnordered(path))
            InOrder(declared, live, path);
        else if (!IsSame(declared, live, path))
            drifts.Add(new FieldDrift(path, declared));
    }

    private void Merged(JsonArray declared, JsonArray live, FieldPath path, List<JsonObject> wanted, List<JsonObject> present)
    {
        for (var i = 0; i < declared.Count; i++)
        {
            var at = present.FindIndex(p => JsonNode.DeepEquals(p, wanted[i]));
            Node(declared[i], at < 0 ? null : live[at], path.Element(i, at, wanted[i]));
        }
    }

    /// <summary>A list of as many maps as declared is repaired field by field: what the server has added to its elements stays.</summary>
    private void InOrder(JsonArray declared, JsonArray live, FieldPath path)
    {
        for (var i = 0; i < declared.Count; i++)
            Node(declared[i], live[i], path.Element(i, i, null));
    }

    /// <summary>The server keeps metrics of an autoscaler in an order of its own.</summary>
    private bool IsSame(JsonArray declared, JsonArray live, FieldPath path)
    {
        if (declared.Count != live.Count)
            return false;
        if (IsUnordered(path))
            return declared.All(d => live.Any(l => Holds(d, l, path)));
        return declared.Zip(live).All(p => Holds(p.First, p.Second, path));
    }

    private bool Holds(JsonNode? declared, JsonNode? live, FieldPath path)
    {
        var silent = new ObjectComparer(type, exclusions);
        silent.Node(declared, live, path.Element(0, 0, null));
        return silent.drifts.Count == 0;
    }

    private bool IsUnordered(FieldPath path) => type.Group == "autoscaling" && path.Name == "metrics";

    /// <summary>The rules of an aggregated role are gathered by its controller, whatever the manifest says.</summary>
    private bool IsOthers(JsonObject declared, string name) =>
        type is { Group: "rbac.authorization.k8s.io", Kind: "ClusterRole" } && name == "rules" && declared["aggregationRule"] is not null;

    /// <summary>Null when an element has no keys or two have the same.</summary>
    private static List<JsonObject>? Keyed(JsonArray list, string[] keys)
    {
        var found = new List<JsonObject>(list.Count);
        foreach (var element in list)
        {
            if (MergeKeys.Of(element, keys) is not { } key || found.Exists(f => JsonNode.DeepEquals(f, key)))
                return null;
            found.Add(key);
        }

        return found;
    }
}

/// <summary>What differs, and the fields that were not compared because they do not count, with what they are in the cluster.</summary>
internal sealed record ObjectComparison(IReadOnlyList<FieldDrift> Drifts, IReadOnlyList<(FieldPath Path, JsonNode? Live)> Left);

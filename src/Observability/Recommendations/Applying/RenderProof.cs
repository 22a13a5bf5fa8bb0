using System.Text.Json.Nodes;

namespace Fleet.Observability.Recommendations.Applying;

/// <summary>Whether other values change the resources of one container, as wanted, and nothing else of all that a chart renders. Pure.</summary>
internal static class RenderProof
{
    /// <summary>Null when it is proven; else what speaks against it.</summary>
    public static string? Against(IReadOnlyList<JsonObject> before, IReadOnlyList<JsonObject> after, WantedResources wanted)
    {
        if (before.Count != after.Count)
            return "another number of objects would be rendered";
        var isFound = false;
        foreach (var (old, next) in before.Zip(after))
        {
            if (!IsTarget(old, wanted) || ContainerOf(old, wanted) is not { } oldContainer || ContainerOf(next, wanted) is not { } newContainer)
            {
                if (!JsonNode.DeepEquals(old, next))
                    return $"{(string?)old["kind"]} {(string?)old["metadata"]?["name"]} would change as well";
                continue;
            }
            if (!wanted.AreIn(newContainer["resources"]))
                return "the container would not ask for it";
            isFound = true;
            var same = next.DeepClone().AsObject();
            // What else of its resources is stated must stay, so only the amounts that are wanted are taken over before the comparison.
            var (was, becomes) = (oldContainer.DeepClone().AsObject(), ContainerOf(same, wanted)!);
            Overwrite(was, wanted);
            Overwrite(becomes, wanted);
            var expected = old.DeepClone().AsObject();
            Replace(expected, wanted, was);
            if (!JsonNode.DeepEquals(expected, same))
                return "more of it than its resources would change";
        }
        return isFound ? null : "the chart does not render it";
    }

    /// <summary>The container that is meant; null where the object has none of that name.</summary>
    public static JsonObject? ContainerOf(JsonObject workload, WantedResources wanted) => Lists(workload).SelectMany(list => list.OfType<JsonObject>()).FirstOrDefault(container => (string?)container["name"] == wanted.Container);

    public static bool IsTarget(JsonObject rendered, IWantedChange wanted) =>
        (string?)rendered["kind"] == wanted.Kind && (string?)rendered["metadata"]?["name"] == wanted.Name && ((string?)rendered["metadata"]?["namespace"] ?? wanted.Namespace) == wanted.Namespace;

    private static IEnumerable<JsonArray> Lists(JsonObject workload)
    {
        var spec = workload["spec"]?["template"]?["spec"] ?? workload["spec"]?["jobTemplate"]?["spec"]?["template"]?["spec"];
        return new[] { spec?["containers"], spec?["initContainers"] }.OfType<JsonArray>();
    }

    private static void Overwrite(JsonObject container, WantedResources wanted)
    {
        var resources = container["resources"] as JsonObject ?? [];
        container["resources"] = resources;
        foreach (var (kind, amounts) in ((string, IReadOnlyDictionary<string, string>)[])[("requests", wanted.Requests), ("limits", wanted.Limits)])
            foreach (var (resource, amount) in amounts)
            {
                var stated = resources[kind] as JsonObject ?? [];
                resources[kind] = stated;
                stated[resource] = amount;
            }
    }

    private static void Replace(JsonObject workload, WantedResources wanted, JsonObject container)
    {
        foreach (var list in Lists(workload))
            for (var at = 0; at < list.Count; at++)
                if ((string?)list[at]?["name"] == wanted.Container)
                {
                    list[at] = container;
                    return;
                }
    }
}

using System.Text.Json.Nodes;

namespace Fleet.StateManager.Services;

/// <summary>A value that a chart sees, and where it is from.</summary>
/// <param name="Path">As <c>helm --set</c> writes it: a dot between steps, <c>\.</c> for a dot in a name.</param>
/// <param name="Value">Null takes away what is below it.</param>
/// <param name="Over">Where lower layers had something else, the nearest first.</param>
internal sealed record ExplainedValue(string Path, JsonNode? Value, ValuesOrigin From, IReadOnlyList<ValuesOrigin> Over);

/// <summary>Which layer each value is from, by Helm's rules: maps are merged, lists and scalars replaced, null takes away. Pure.</summary>
internal static class ValueProvenance
{
    public static IReadOnlyList<ExplainedValue> Of(JsonObject chart, IEnumerable<ValuesLayer> layers)
    {
        var root = new Branch();
        root.Lay(chart, ValuesOrigin.Chart);
        foreach (var layer in layers)
            root.Lay(layer.Values, layer.Origin);
        var result = new List<ExplainedValue>();
        root.Tell("", result);
        return result;
    }

    private abstract class Node
    {
        public List<ValuesOrigin> Over { get; init; } = [];

        public abstract IEnumerable<ValuesOrigin> Origins { get; }
    }

    private sealed class Leaf(JsonNode? value, ValuesOrigin from) : Node
    {
        public JsonNode? Value => value;

        public ValuesOrigin From => from;

        public override IEnumerable<ValuesOrigin> Origins => Over.Prepend(from);
    }

    private sealed class Branch : Node
    {
        private readonly Dictionary<string, Node> children = new(StringComparer.Ordinal);
        private readonly List<string> order = [];

        public override IEnumerable<ValuesOrigin> Origins => children.Values.SelectMany(child => child.Origins).Concat(Over);

        public void Lay(JsonObject values, ValuesOrigin origin)
        {
            foreach (var (name, value) in values)
            {
                var below = children.GetValueOrDefault(name);
                if (below is null)
                    order.Add(name);
                // A map goes into a map; over anything else it begins anew.
                if (value is JsonObject { Count: > 0 } map)
                {
                    var branch = below as Branch ?? new Branch { Over = Distinct(below) };
                    branch.Lay(map, origin);
                    children[name] = branch;
                }
                else if (value is not JsonObject || below is not Branch)
                {
                    children[name] = new Leaf(value, origin) { Over = Distinct(below) };
                }
            }
        }

        public void Tell(string prefix, List<ExplainedValue> result)
        {
            foreach (var name in order)
            {
                var path = prefix + name.Replace(".", "\\.", StringComparison.Ordinal);
                if (children[name] is Branch branch)
                    branch.Tell(path + ".", result);
                else if (children[name] is Leaf leaf)
                    result.Add(new(path, leaf.Value, leaf.From, leaf.Over));
            }
        }

        private static List<ValuesOrigin> Distinct(Node? below) => below is null ? [] : [.. below.Origins.Distinct()];
    }
}

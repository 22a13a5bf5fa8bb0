using System.Text;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Fleet.Helm.Values;

/// <summary>
/// Reads YAML as helm does (YAML 1.1 scalars: <c>yes</c> and <c>on</c> are true, <c>010</c> is 8, dates stay text) into JSON. Bounded: nesting, number of
/// nodes, and what aliases expand to.
/// </summary>
public static class YamlValues
{
    private const int MaxDepth = 100;
    private const int MaxNodes = 1_000_000;

    /// <summary>A document that is empty or null gives an empty object. Throws <see cref="FormatException"/> with the line when it is not a map or not YAML.</summary>
    public static JsonObject ParseObject(string yaml) => Parse(yaml) switch
    {
        null => [],
        JsonObject map => map,
        _ => throw new FormatException("The YAML must be a map at its top level."),
    };

    /// <summary>The first document.</summary>
    public static JsonNode? Parse(string yaml) => Parse(new StringReader(yaml));

    public static JsonNode? Parse(TextReader yaml)
    {
        try
        {
            var parser = new Parser(yaml);
            parser.Consume<StreamStart>();
            if (!parser.TryConsume<DocumentStart>(out _)) return null;
            return new Reader(parser).Node(0);
        }
        catch (YamlException e)
        {
            throw new FormatException($"line {e.Start.Line}, column {e.Start.Column}: {e.Message}", e);
        }
    }

    /// <summary>JSON is YAML; helm reads it faster, and no text can be mistaken for another type.</summary>
    public static byte[] ToFile(JsonObject values) => Encoding.UTF8.GetBytes(values.ToJsonString());

    private sealed class Reader(Parser parser)
    {
        private readonly Dictionary<string, JsonNode?> _anchors = new(StringComparer.Ordinal);
        private int _nodes;

        public JsonNode? Node(int depth)
        {
            if (depth > MaxDepth) throw new FormatException($"The YAML is nested deeper than {MaxDepth} levels.");
            Count(1);
            switch (parser.Current)
            {
                case AnchorAlias alias:
                    parser.MoveNext();
                    return Alias(alias);
                case Scalar scalar:
                    parser.MoveNext();
                    return Remember(scalar, ScalarValue(scalar));
                case SequenceStart sequence:
                    parser.MoveNext();
                    var list = new JsonArray();
                    while (!parser.TryConsume<SequenceEnd>(out _)) list.Add(Node(depth + 1));
                    return Remember(sequence, list);
                case MappingStart mapping:
                    parser.MoveNext();
                    return Remember(mapping, Map(depth));
                default:
                    throw new FormatException($"line {parser.Current?.Start.Line}: unexpected {parser.Current?.GetType().Name}.");
            }
        }

        private JsonObject Map(int depth)
        {
            var map = new JsonObject();
            List<JsonNode?>? merges = null;
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                var isMerge = parser.Current is Scalar { Value: "<<", Style: ScalarStyle.Plain };
                var start = parser.Current!.Start;
                var key = Node(depth + 1);
                var value = Node(depth + 1);
                if (isMerge)
                {
                    (merges ??= []).Add(value);
                    continue;
                }
                if (key is JsonObject or JsonArray) throw new FormatException($"line {start.Line}: a key must be a scalar.");
                if (!map.TryAdd(KeyText(key), value)) throw new FormatException($"line {start.Line}: the key \"{KeyText(key)}\" is there twice.");
            }
            foreach (var merge in merges ?? []) MergeKeys(map, merge);
            return map;
        }

        private void MergeKeys(JsonObject map, JsonNode? merge)
        {
            switch (merge)
            {
                case JsonObject source:
                    foreach (var (key, value) in source)
                        if (!map.ContainsKey(key)) map[key] = Copy(value);
                    break;
                case JsonArray sources:
                    foreach (var source in sources) MergeKeys(map, source);
                    break;
                default:
                    throw new FormatException("<< must be followed by a map or a list of maps.");
            }
        }

        private JsonNode? Remember(NodeEvent node, JsonNode? value)
        {
            if (!node.Anchor.IsEmpty) _anchors[node.Anchor.Value] = value;
            return value;
        }

        private JsonNode? Alias(AnchorAlias alias)
        {
            if (!_anchors.TryGetValue(alias.Value.Value, out var value))
                throw new FormatException($"line {alias.Start.Line}: there is no anchor \"{alias.Value.Value}\".");
            return Copy(value);
        }

        private JsonNode? Copy(JsonNode? value)
        {
            Count(Size(value));
            return value?.DeepClone();
        }

        private static int Size(JsonNode? node) => node switch
        {
            JsonObject map => 1 + map.Sum(p => Size(p.Value)),
            JsonArray list => 1 + list.Sum(Size),
            _ => 1,
        };

        private void Count(int more)
        {
            _nodes += more;
            if (_nodes > MaxNodes) throw new FormatException($"The YAML has more than {MaxNodes} nodes, aliases expanded.");
        }

        private static string KeyText(JsonNode? key) => key switch
        {
            null => "null",
            JsonValue value when value.TryGetValue<string>(out var text) => text,
            _ => key.ToJsonString(),
        };
    }

    private static JsonNode? ScalarValue(Scalar scalar)
    {
        if (scalar.Style != ScalarStyle.Plain || (!scalar.Tag.IsEmpty && scalar.Tag.Value == "tag:yaml.org,2002:str")) return scalar.Value;
        return YamlScalar.Resolve(scalar.Value);
    }
}

using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Fleet.Kubernetes.Yaml;

/// <summary>Turns the parser's events into JSON nodes, counting depth and nodes on the way so that bounds hold before memory is spent.</summary>
internal sealed class YamlDocumentReader(string text, YamlReadOptions options)
{
    private const string TagPrefix = "tag:yaml.org,2002:";

    private readonly Parser parser = new(new StringReader(text));
    private readonly Dictionary<string, (JsonNode? Node, int Size)> anchors = new(StringComparer.Ordinal);
    private int document;
    private int nodes;
    private int aliasNodes;

    /// <summary>Line and column where the document last returned begins.</summary>
    internal (long Line, long Column) Start { get; private set; }

    internal int Document => document;

    /// <summary>False at the end of the stream. An empty document is null.</summary>
    internal bool TryReadDocument(out JsonNode? root)
    {
        root = null;
        if (document == 0)
            Advance();
        document++;
        try
        {
            Advance();
            if (parser.Current is StreamEnd or null)
                return false;
            anchors.Clear();
            Advance();
            Start = (parser.Current!.Start.Line, parser.Current.Start.Column);
            root = ReadNode(0);
            Advance();
            return true;
        }
        catch (YamlException e)
        {
            // Only the position is taken from the parser's error: its text may quote the input, which can be a secret.
            throw new KubernetesYamlException(Describe(e), document, e.End.Line, e.End.Column);
        }
    }

    private static string Describe(YamlException e) => e switch
    {
        AnchorNotFoundException => "an alias refers to an anchor that is not defined before it",
        SyntaxErrorException => "the syntax is wrong here (look for tabs, wrong indentation, a missing colon or an unclosed quote)",
        SemanticErrorException => "the structure is wrong here (look at the indentation of this line and the one before)",
        _ => "this cannot be read as YAML",
    };

    private void Advance() => parser.MoveNext();

    private JsonNode? ReadNode(int depth)
    {
        var current = parser.Current ?? throw Fail("the document ends too early", default);
        if (depth > options.MaxDepth)
            throw Fail($"nested deeper than {options.MaxDepth} levels", current.Start);
        if (++nodes > options.MaxNodes)
            throw Fail($"more than {options.MaxNodes} nodes", current.Start);
        var before = nodes;
        switch (current)
        {
            case AnchorAlias alias:
                return Expand(alias);
            case Scalar scalar:
                var value = ReadScalar(scalar);
                Remember(scalar.Anchor, value, before);
                return value;
            case SequenceStart sequence:
                var array = new JsonArray();
                for (Advance(); parser.Current is not SequenceEnd; Advance())
                    array.Add(ReadNode(depth + 1));
                Remember(sequence.Anchor, array, before);
                return array;
            case MappingStart mapping:
                var map = ReadMapping(depth);
                Remember(mapping.Anchor, map, before);
                return map;
            default:
                throw Fail("unexpected content", current.Start);
        }
    }

    private JsonObject ReadMapping(int depth)
    {
        var map = new JsonObject();
        List<JsonNode?>? merged = null;
        for (Advance(); parser.Current is not MappingEnd; Advance())
        {
            var at = parser.Current!.Start;
            if (parser.Current is Scalar { Value: "<<", Style: ScalarStyle.Plain })
            {
                Advance();
                (merged ??= []).Add(ReadNode(depth + 1));
                continue;
            }

            var key = ReadKey(at, depth);
            Advance();
            var value = ReadNode(depth + 1);
            if (map.ContainsKey(key))
            {
                if (!options.LastDuplicateWins)
                    throw Fail($"the key \"{key}\" stands twice in one mapping", at);
                map.Remove(key);
            }

            map.Add(key, value);
        }

        foreach (var source in merged ?? [])
            Merge(map, source);
        return map;
    }

    /// <summary>YAML 1.1 merge: keys that are written out win over merged ones, earlier sources over later ones.</summary>
    private void Merge(JsonObject map, JsonNode? source)
    {
        switch (source)
        {
            case JsonObject from:
                foreach (var (key, value) in from)
                {
                    if (!map.ContainsKey(key))
                        map.Add(key, value?.DeepClone());
                }

                break;
            case JsonArray list:
                foreach (var item in list)
                    Merge(map, item);
                break;
            default:
                throw Fail("a merge key (<<) needs a mapping or a list of mappings", parser.Current?.Start ?? default);
        }
    }

    private string ReadKey(Mark at, int depth)
    {
        if (parser.Current is Scalar scalar)
        {
            nodes++;
            return ReadScalar(scalar) switch
            {
                null => scalar.Style == ScalarStyle.Plain && scalar.Value.Length == 0 ? throw Fail("a key is empty", at) : "null",
                JsonValue value when value.TryGetValue<string>(out var text) => text,
                var other => other.ToJsonString(),
            };
        }

        if (parser.Current is AnchorAlias && ReadNode(depth + 1) is JsonValue alias)
            return alias.TryGetValue<string>(out var text) ? text : alias.ToJsonString();
        throw Fail("a key must be a scalar", at);
    }

    private JsonValue? ReadScalar(Scalar scalar)
    {
        var tag = scalar.Tag.IsEmpty || scalar.Tag.IsNonSpecific ? "" : scalar.Tag.Value;
        if (tag.StartsWith(TagPrefix, StringComparison.Ordinal))
            tag = tag[TagPrefix.Length..];
        switch (tag)
        {
            case "str" or "binary" or "timestamp":
                return JsonValue.Create(scalar.Value);
            case "" when scalar.Style != ScalarStyle.Plain || scalar.Tag.IsNonSpecific && !scalar.Tag.IsEmpty:
                return JsonValue.Create(scalar.Value);
            case "" or "int" or "float" or "bool" or "null":
                break;
            default:
                throw Fail("a tag that is not part of YAML's core schema", scalar.Start);
        }

        var meaning = YamlScalars.Classify(scalar.Value, out var flag, out var number);
        var fits = tag switch
        {
            "int" or "float" => meaning == YamlScalars.Meaning.Number,
            "bool" => meaning == YamlScalars.Meaning.Boolean,
            "null" => meaning == YamlScalars.Meaning.Null,
            _ => true,
        };
        if (!fits)
            throw Fail(string.Create(CultureInfo.InvariantCulture, $"the value does not fit its tag !!{tag}"), scalar.Start);
        return meaning switch
        {
            YamlScalars.Meaning.Null => null,
            YamlScalars.Meaning.Boolean => JsonValue.Create(flag),
            YamlScalars.Meaning.Number => number,
            YamlScalars.Meaning.NotANumber => throw Fail("infinity and NaN cannot be expressed in JSON", scalar.Start),
            _ => JsonValue.Create(scalar.Value),
        };
    }

    private void Remember(AnchorName anchor, JsonNode? node, int before)
    {
        if (!anchor.IsEmpty)
            anchors[anchor.Value] = (node, nodes - before + 1);
    }

    private JsonNode? Expand(AnchorAlias alias)
    {
        if (!anchors.TryGetValue(alias.Value.Value, out var target))
            throw Fail("an alias refers to an anchor that is not defined before it", alias.Start);
        nodes += target.Size;
        aliasNodes += target.Size;
        if (aliasNodes > options.MaxAliasNodes || nodes > options.MaxNodes)
            throw Fail("aliases expand to too much", alias.Start);
        return target.Node?.DeepClone();
    }

    private KubernetesYamlException Fail(string problem, Mark at) => new(problem, document, at.Line, at.Column);
}

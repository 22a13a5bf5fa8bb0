using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.ControlPlane.Machinery;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Fleet.ControlPlane.Serving;

/// <summary>YAML 1.1 as Kubernetes reads it, into JSON. Anchors and aliases are refused: a body is data, and aliases can explode.</summary>
internal static class YamlBody
{
    private const int MaxDepth = 128;

    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789+-.eE");

    public static JsonNode? Parse(byte[] bytes)
    {
        try
        {
            var parser = new Parser(new StringReader(Encoding.UTF8.GetString(bytes)));
            parser.Consume<StreamStart>();
            if (!parser.TryConsume<DocumentStart>(out _)) return null;
            return Node(parser, 0);
        }
        catch (YamlException malformed)
        {
            throw ApiErrors.BadRequest($"the body is not valid YAML: line {malformed.Start.Line}: {malformed.Message}");
        }
    }

    private static JsonNode? Node(Parser parser, int depth)
    {
        if (depth > MaxDepth) throw ApiErrors.BadRequest($"the body is nested deeper than {MaxDepth} levels");
        if (parser.TryConsume<Scalar>(out var scalar)) return Value(scalar);
        if (parser.TryConsume<SequenceStart>(out _))
        {
            var items = new JsonArray();
            while (!parser.TryConsume<SequenceEnd>(out _)) items.Add(Node(parser, depth + 1));
            return items;
        }
        if (parser.TryConsume<MappingStart>(out _))
        {
            var map = new JsonObject();
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                var key = parser.Consume<Scalar>().Value;
                if (!map.TryAdd(key, Node(parser, depth + 1))) throw ApiErrors.BadRequest($"strict decoding error: duplicate field \"{key}\"");
            }
            return map;
        }
        throw ApiErrors.BadRequest("the body uses a YAML feature that is not supported (anchors and aliases are not)");
    }

    private static JsonNode? Value(Scalar scalar)
    {
        if (scalar.Style != ScalarStyle.Plain) return scalar.Value;
        return scalar.Value switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "TRUE" or "yes" or "on" => true,
            "false" or "False" or "FALSE" or "no" or "off" => false,
            var text when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) && text[0] != '+' => whole,
            var text when text.AsSpan().IndexOfAnyExcept(NumberCharacters) < 0
                && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
            var text => text,
        };
    }
}

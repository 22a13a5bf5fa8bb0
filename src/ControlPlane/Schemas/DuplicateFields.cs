using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fleet.ControlPlane.Schemas;

/// <summary>Keys that occur twice in one JSON object: JSON parsers drop them silently, field validation must not.</summary>
public static class DuplicateFields
{
    private const int MaxReported = 100;

    /// <summary>Messages such as <c>duplicate field "spec.replicas"</c>, in document order. The text must be valid JSON.</summary>
    public static IReadOnlyList<string> Find(ReadOnlySpan<byte> json)
    {
        var found = new List<string>();
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 512 });
        var frames = new Stack<Frame>();
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    BeginItem(frames);
                    frames.Push(new Frame(reader.TokenType == JsonTokenType.StartObject));
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    frames.Pop();
                    break;
                case JsonTokenType.PropertyName:
                    var frame = frames.Peek();
                    frame.Name = reader.GetString()!;
                    if (!frame.Names!.Add(frame.Name) && found.Count < MaxReported) found.Add($"duplicate field \"{Path(frames)}\"");
                    break;
                default:
                    BeginItem(frames);
                    break;
            }
        }
        return found;
    }

    /// <summary>The value with the last of each: what those get who do not ask for strictness. The text must be valid JSON.</summary>
    public static JsonNode? LastOfEach(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 512 });
        reader.Read();
        return Value(ref reader);
    }

    private static JsonNode? Value(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var members = new JsonObject();
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    var name = reader.GetString()!;
                    reader.Read();
                    members[name] = Value(ref reader);
                }
                return members;
            case JsonTokenType.StartArray:
                var items = new JsonArray();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) items.Add(Value(ref reader));
                return items;
            default:
                return JsonNode.Parse(ref reader);
        }
    }

    private static void BeginItem(Stack<Frame> frames)
    {
        if (frames.TryPeek(out var frame) && frame.Names is null) frame.Index++;
    }

    private static string Path(Stack<Frame> frames)
    {
        var path = new StringBuilder();
        foreach (var frame in frames.Reverse())
        {
            if (frame.Names is null) path.Append('[').Append(frame.Index).Append(']');
            else path.Append(path.Length == 0 ? "" : ".").Append(frame.Name);
        }
        return path.ToString();
    }

    private sealed class Frame(bool isObject)
    {
        public HashSet<string>? Names { get; } = isObject ? new(StringComparer.Ordinal) : null;
        public string Name { get; set; } = "";
        public int Index { get; set; } = -1;
    }
}

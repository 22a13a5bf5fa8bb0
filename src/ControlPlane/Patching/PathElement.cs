using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fleet.ControlPlane.Patching;

/// <summary>One step of a field path: a field, an item of a keyed list, a value of a set, or a position.</summary>
internal readonly record struct PathElement(PathElementKind Kind, string Text) : IComparable<PathElement>
{
    private static readonly JsonSerializerOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static PathElement Field(string name) => new(PathElementKind.Field, name);

    public static PathElement Value(JsonNode? value) => new(PathElementKind.Value, value?.ToJsonString(s_plain) ?? "null");

    /// <summary>The usual key: one member with a plain text. Null when it is anything else.</summary>
    public static PathElement? SingleText(string name, JsonNode? value) =>
        value is JsonValue simple && simple.TryGetValue<string>(out var text) && IsPlain(text) && IsPlain(name)
            ? new(PathElementKind.Key, $$"""{"{{name}}":"{{text}}"}""")
            : null;

    /// <summary>The members must be given in the order of their names.</summary>
    public static PathElement Key(IEnumerable<KeyValuePair<string, JsonNode?>> members)
    {
        var text = new StringBuilder("{");
        foreach (var (name, value) in members)
        {
            if (text.Length > 1) text.Append(',');
            text.Append('"').Append(JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(name)).Append("\":");
            if (value is JsonValue simple && simple.TryGetValue<string>(out var s) && IsPlain(s)) text.Append('"').Append(s).Append('"');
            else text.Append(value?.ToJsonString(s_plain) ?? "null");
        }
        return new(PathElementKind.Key, text.Append('}').ToString());
    }

    /// <summary>Reads a key of fieldsV1 (<c>f:name</c>, <c>k:{…}</c>, <c>v:…</c>, <c>i:0</c>); null when it is none.</summary>
    public static PathElement? Parse(string text)
    {
        if (text.Length < 2 || text[1] != ':') return null;
        var rest = text[2..];
        return text[0] switch
        {
            'f' => Field(rest),
            'i' => new(PathElementKind.Index, rest),
            'v' => TryJson(rest, out var value) ? Value(value) : null,
            'k' when IsSingleText(rest) => new(PathElementKind.Key, rest),
            'k' => TryJson(rest, out var key) && key is JsonObject members ? Key(members.OrderBy(m => m.Key, StringComparer.Ordinal)) : null,
            _ => null,
        };
    }

    public string Encode() => Kind switch
    {
        PathElementKind.Field => "f:" + Text,
        PathElementKind.Key => "k:" + Text,
        PathElementKind.Value => "v:" + Text,
        _ => "i:" + Text,
    };

    /// <summary>As in conflict messages: <c>.spec</c>, <c>[name="x"]</c>, <c>[="v"]</c>, <c>[0]</c>.</summary>
    public override string ToString() => Kind switch
    {
        PathElementKind.Field => "." + Text,
        PathElementKind.Key => "[" + string.Join(',', ((JsonObject)JsonNode.Parse(Text)!).Select(m => $"{m.Key}={m.Value?.ToJsonString(s_plain) ?? "null"}")) + "]",
        PathElementKind.Value => $"[={Text}]",
        _ => $"[{Text}]",
    };

    public int CompareTo(PathElement other) => Kind != other.Kind ? Kind.CompareTo(other.Kind) : string.CompareOrdinal(Text, other.Text);

    /// <summary><c>{"name":"value"}</c> without anything that could be written in another way: what nearly all keys are.</summary>
    private static bool IsSingleText(string text)
    {
        if (!text.StartsWith("{\"", StringComparison.Ordinal) || !text.EndsWith("\"}", StringComparison.Ordinal)) return false;
        var middle = text.IndexOf("\":\"", StringComparison.Ordinal);
        return middle > 1 && text.Length > middle + 5 && IsPlain(text.AsSpan(2, middle - 2)) && IsPlain(text.AsSpan(middle + 3, text.Length - middle - 5));
    }

    /// <summary>Has one form in JSON, which is itself.</summary>
    private static bool IsPlain(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange(' ', '~') && !text.ContainsAny('"', '\\');

    private static bool TryJson(string text, out JsonNode? value)
    {
        try
        {
            value = JsonNode.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            value = null;
            return false;
        }
    }
}

internal enum PathElementKind { Field, Key, Value, Index }

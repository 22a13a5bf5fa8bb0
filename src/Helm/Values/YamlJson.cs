using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Fleet.Helm.Values;

/// <summary>
/// JSON that is YAML as well, which is how helm reads values and manifests. The usual way to write JSON is not: it writes what lies outside of Unicode's
/// first plane as two escapes, which YAML does not know, and needs six characters for every plus sign in base64. Pure.
/// </summary>
public static class YamlJson
{
    /// <summary>In one line.</summary>
    public static string Text(JsonNode? node)
    {
        var text = new StringBuilder();
        Write(node, text);
        return text.ToString();
    }

    private static void Write(JsonNode? node, StringBuilder text)
    {
        switch (node)
        {
            case JsonObject map:
                Join(map, '{', '}', text, pair =>
                {
                    Quote(pair.Key, text);
                    text.Append(':');
                    Write(pair.Value, text);
                });
                break;
            case JsonArray list:
                Join(list, '[', ']', text, item => Write(item, text));
                break;
            case JsonValue value when value.TryGetValue<string>(out var plain):
                Quote(plain, text);
                break;
            default:
                text.Append(node?.ToJsonString() ?? "null");
                break;
        }
    }

    private static void Join<T>(IEnumerable<T> items, char open, char close, StringBuilder text, Action<T> write)
    {
        text.Append(open);
        var isFirst = true;
        foreach (var item in items)
        {
            if (!isFirst)
                text.Append(',');
            isFirst = false;
            write(item);
        }
        text.Append(close);
    }

    private static void Quote(string plain, StringBuilder text)
    {
        text.Append('"');
        foreach (var rune in plain.EnumerateRunes())
        {
            if (rune.Value is '"' or '\\')
                text.Append('\\').Append((char)rune.Value);
            // Control characters, and what ends a line in YAML.
            else if (rune.Value is < 0x20 or (>= 0x7f and < 0xa0) or 0x2028 or 0x2029 or 0xfeff)
                text.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
            else
                text.Append(rune.ToString());
        }
        text.Append('"');
    }
}

using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fleet.Helm.Rendering;

/// <summary>The chart whose templates print the texts: values hold the texts and, once each, the contexts.</summary>
internal static class RenderChart
{
    public const string Name = "render";

    // What may change a context in place; such texts get a copy, so that they cannot change what others see.
    private static readonly string[] Changing = ["set", "merge", "Set", "Merge"];

    // Helm reads numbers as float64 and prints those from here on as 1e+06; users expect the integer that the object has.
    private const long ExponentFrom = 1_000_000;

    public static string ChartYaml => $"apiVersion: v2\nname: {Name}\nversion: 0.1.0\n";

    /// <summary>One template that prints all: the fast way, but the first bad text ends it.</summary>
    public static string AllInOne(IReadOnlyList<JsonObject> contexts) =>
        Integers(contexts) + "{{- range $i, $r := .Values.renders }}\n---\n" + Print("$i") + "\n{{- end }}\n";

    /// <summary>A template for one text: helm's error then names its file, and so the text.</summary>
    public static string Single(int index, IReadOnlyList<JsonObject> contexts) =>
        Integers(contexts) + $"{{{{- $r := index .Values.renders {Text(index)} }}}}\n" + Print(Text(index)) + "\n";

    public static JsonObject Values(IReadOnlyList<RenderText> texts, List<JsonObject> contexts)
    {
        var indexes = new Dictionary<JsonObject, int>(ReferenceEqualityComparer.Instance);
        var renders = new JsonArray();
        foreach (var text in texts)
        {
            if (!indexes.TryGetValue(text.Context, out var context))
            {
                context = indexes[text.Context] = contexts.Count;
                contexts.Add(text.Context);
            }
            var rewritten = ResourceFunction.Rewrite(text.Text);
            renders.Add(new JsonObject { ["c"] = context, ["t"] = rewritten, ["d"] = Changing.Any(w => rewritten.Contains(w, StringComparison.Ordinal)) });
        }
        return new JsonObject { ["renders"] = renders, ["contexts"] = new JsonArray([.. contexts.Select(c => c.DeepClone())]) };
    }

    private static string Print(string index) =>
        "{{- $c := index $.Values.contexts (int $r.c) }}{{ if $r.d }}{{ $c = deepCopy $c }}{{ end }}"
        + "{{ dict \"i\" " + index + " \"t\" (tpl $r.t (merge (dict \"Template\" $.Template \"Resources\" (dict)) $c)) | toJson }}";

    private static string Integers(IReadOnlyList<JsonObject> contexts)
    {
        var statements = new StringBuilder();
        for (var i = 0; i < contexts.Count; i++) Integers(contexts[i], $"index $.Values.contexts {Text(i)}", statements);
        return statements.ToString();
    }

    private static void Integers(JsonNode node, string path, StringBuilder statements)
    {
        switch (node)
        {
            case JsonObject map:
                foreach (var (key, value) in map)
                {
                    if (value is JsonValue number && Integer(number) is { } integer)
                        statements.Append(CultureInfo.InvariantCulture, $"{{{{- $_ := set ({path}) {Quote(key)} (int64 \"{integer}\") }}}}\n");
                    else if (value is JsonObject or JsonArray)
                        Integers(value, $"{path} {Quote(key)}", statements);
                }
                break;
            case JsonArray list:
                for (var i = 0; i < list.Count; i++)
                    if (list[i] is JsonObject or JsonArray) Integers(list[i]!, $"{path} {Text(i)}", statements);
                break;
        }
    }

    private static long? Integer(JsonValue value) =>
        value.GetValueKind() == JsonValueKind.Number && long.TryParse(value.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && (number >= ExponentFrom || number <= -ExponentFrom)
            ? number
            : null;

    // A Go string: everything but plain ASCII as \u or \U, so that no key can end the string or the action.
    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.IsAscii && (Rune.IsLetterOrDigit(rune) || rune.Value is '.' or '/' or '-' or '_' or ' ')) quoted.Append((char)rune.Value);
            else quoted.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}");
        }
        return quoted.Append('"').ToString();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

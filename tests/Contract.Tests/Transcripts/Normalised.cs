using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Fleet.Contract.Tests.Transcripts;

/// <summary>Removes from an output what differs between any two runs: identities, times, addresses, column widths.</summary>
public static partial class Normalised
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Text(string output, string? mask = null)
    {
        var text = string.Join('\n', output.Split('\n').Select(InOrder));
        text = Uid().Replace(text, "UID");
        text = Time().Replace(text, "TIME");
        text = ResourceVersion().Replace(text, "${1}RV");
        text = Token().Replace(text, "JWT");
        text = ClusterIp().Replace(text, "IP");
        text = Age().Replace(text, "${1}AGE");
        text = TemporaryPath().Replace(text, "PATH");
        if (mask is not null)
        {
            text = Regex.Replace(text, mask, "*", RegexOptions.Multiline, TimeSpan.FromSeconds(5));
        }

        return string.Join('\n', text.Split('\n').Select(line => Spaces().Replace(line, " ").TrimEnd())).Trim();
    }

    // The order of an object's members is nobody's promise; a line of raw JSON is put in the order of the names.
    private static string InOrder(string line)
    {
        if (!line.StartsWith('{'))
        {
            return line;
        }

        try
        {
            return Sorted(JsonNode.Parse(line))!.ToJsonString(Plain);
        }
        catch (JsonException)
        {
            return line;
        }
    }

    private static JsonNode? Sorted(JsonNode? value) => value switch
    {
        JsonObject members => new JsonObject(members.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => KeyValuePair.Create(member.Key, Sorted(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Sorted)]),
        _ => value?.DeepClone(),
    };

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Uid();

    [GeneratedRegex(@"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?( ?[+-]\d{4}( [A-Z]+)?|Z)?|[A-Z][a-z]{2},? ([A-Z][a-z]{2} +\d+|\d+ [A-Z][a-z]{2}( \d{4})?) \d\d:\d\d:\d\d( \d{4}| \+0000)")]
    private static partial Regex Time();

    [GeneratedRegex("(resourceVersion\"?: ?\"?|Resource Version: +)[0-9]+")]
    private static partial Regex ResourceVersion();

    [GeneratedRegex(@"eyJ[\w-]+\.[\w-]+\.[\w-]+")]
    private static partial Regex Token();

    [GeneratedRegex(@"\b10\.\d+\.\d+\.\d+\b")]
    private static partial Regex ClusterIp();

    // An age stands alone in a column: at the end, or between at least two spaces.
    [GeneratedRegex(@"(\s{2,}|^|\()(\d+[dhms](\d+[hms])?|<invalid>|<unknown>)(?=\s{2,}|\s*$|\s*\)| ago)", RegexOptions.Multiline)]
    private static partial Regex Age();

    [GeneratedRegex(@"/tmp/[\w./-]+")]
    private static partial Regex TemporaryPath();

    [GeneratedRegex(@"(?<=\S)[ \t]+")]
    private static partial Regex Spaces();
}

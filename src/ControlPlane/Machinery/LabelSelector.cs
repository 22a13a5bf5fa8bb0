using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.ControlPlane.Storage;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Machinery;

/// <summary>A label selector in its string form: <c>a=b,c!=d,e in (f,g),h notin (i),j,!k</c>.</summary>
internal sealed class LabelSelector
{
    private readonly List<Requirement> requirements;

    private LabelSelector(List<Requirement> requirements) => this.requirements = requirements;

    private enum Operator { In, NotIn, Exists, Absent, Greater, Less }

    public static LabelSelector Everything { get; } = new([]);

    public bool IsEverything => requirements.Count == 0;

    public static LabelSelector Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return Everything;
        var requirements = new List<Requirement>();
        foreach (var part in Split(text)) requirements.Add(ParseOne(part.Trim()));
        return new(requirements);
    }

    /// <summary>The object form, as in <c>spec.selector</c> of a Deployment.</summary>
    public static LabelSelector Parse(JsonObject? selector)
    {
        if (selector is null) return Everything;
        var requirements = new List<Requirement>();
        foreach (var (key, value) in selector["matchLabels"] as JsonObject ?? []) requirements.Add(new(key, Operator.In, [value.Text() ?? ""]));
        foreach (var expression in selector["matchExpressions"] as JsonArray ?? [])
        {
            var values = (expression?["values"] as JsonArray ?? []).Select(v => v.Text() ?? "").ToArray();
            var op = expression?["operator"].Text() switch
            {
                "In" => Operator.In,
                "NotIn" => Operator.NotIn,
                "Exists" => Operator.Exists,
                _ => Operator.Absent,
            };
            requirements.Add(new(expression?["key"].Text() ?? "", op, values));
        }
        return new(requirements);
    }

    public bool Matches(StoredObject stored) => IsEverything || Matches(LabelsOf(stored));

    public bool Matches(IReadOnlyDictionary<string, string> labels)
    {
        foreach (var requirement in requirements)
        {
            if (!requirement.Matches(labels)) return false;
        }
        return true;
    }

    public bool Matches(JsonObject? labels) =>
        IsEverything || Matches((labels ?? []).ToDictionary(l => l.Key, l => l.Value.Text() ?? "", StringComparer.Ordinal));

    public static Dictionary<string, string> LabelsOf(StoredObject stored)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        var reader = StoredFields.At(stored, "metadata"u8, "labels"u8);
        if (reader.TokenType != JsonTokenType.StartObject) return labels;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            reader.Read();
            if (reader.TokenType == JsonTokenType.String) labels[key] = reader.GetString()!;
            else reader.Skip();
        }
        return labels;
    }

    /// <summary>Splits at commas outside of parentheses.</summary>
    private static IEnumerable<string> Split(string text)
    {
        int start = 0, depth = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '(') depth++;
            else if (text[i] == ')') depth--;
            else if (text[i] == ',' && depth == 0)
            {
                yield return text[start..i];
                start = i + 1;
            }
        }
        yield return text[start..];
    }

    private static Requirement ParseOne(string part)
    {
        if (part.Length == 0) throw Bad(part);
        var open = part.IndexOf('(', StringComparison.Ordinal);
        if (open > 0 && part.EndsWith(')'))
        {
            var words = part[..open].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length != 2 || words[1] is not ("in" or "notin")) throw Bad(part);
            var values = part[(open + 1)..^1].Split(',').Select(v => v.Trim()).ToArray();
            return new(Key(words[0]), words[1] == "in" ? Operator.In : Operator.NotIn, values);
        }
        foreach (var (sign, op) in new[] { ("!=", Operator.NotIn), ("==", Operator.In), ("=", Operator.In), (">", Operator.Greater), ("<", Operator.Less) })
        {
            var at = part.IndexOf(sign, StringComparison.Ordinal);
            if (at > 0) return new(Key(part[..at]), op, [part[(at + sign.Length)..].Trim()]);
        }
        return part[0] == '!' ? new(Key(part[1..]), Operator.Absent, []) : new(Key(part), Operator.Exists, []);
    }

    private static string Key(string text)
    {
        var key = text.Trim();
        if (key.Length == 0 || key.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.' or '/'))) throw Bad(text);
        return key;
    }

    private static KubeApiException Bad(string part) => ApiErrors.BadRequest($"unable to parse requirement: \"{part}\" is not a label requirement");

    private sealed record Requirement(string Key, Operator Operator, string[] Values)
    {
        public bool Matches(IReadOnlyDictionary<string, string> labels)
        {
            var present = labels.TryGetValue(Key, out var value);
            return Operator switch
            {
                Operator.In => present && Values.Contains(value),
                Operator.NotIn => !present || !Values.Contains(value),
                Operator.Exists => present,
                Operator.Absent => !present,
                Operator.Greater => present && long.TryParse(value, out var a) && long.TryParse(Values[0], out var b) && a > b,
                _ => present && long.TryParse(value, out var a) && long.TryParse(Values[0], out var b) && a < b,
            };
        }
    }
}

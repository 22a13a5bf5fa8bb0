using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Fleet.ClusterManager.Admission.Schemas;

/// <summary>
/// The part of JSON Schema that charts use, to tell users early what Helm would say later. Keywords that are not known here, and patterns that .NET does not
/// understand, hold nothing against a value: Helm has the last word. Pure.
/// </summary>
internal sealed class ValuesSchema(JsonObject root)
{
    /// <summary>Schemas may refer to themselves; values that deep are no values of a chart.</summary>
    private const int DeepestLevel = 64;

    private readonly SchemaKeywords keywords = new(root);

    private static readonly TimeSpan PatternLimit = TimeSpan.FromMilliseconds(100);

    /// <summary>Null for text that is no JSON object.</summary>
    public static ValuesSchema? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text) is JsonObject schema ? new(schema) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public IReadOnlyList<ValuesProblem> Check(JsonNode? value) => [.. Check(root, value, [], 0)];

    private IEnumerable<ValuesProblem> Check(JsonNode? schema, JsonNode? value, IReadOnlyList<string> path, int level)
    {
        if (level > DeepestLevel || schema is not JsonObject rules)
        {
            if (schema is JsonValue never && never.GetValueKind() == JsonValueKind.False)
                yield return new(path, "false", "must not be set");
            yield break;
        }
        if (keywords.Referred(rules) is { } other)
            foreach (var problem in Check(other, value, path, level + 1))
                yield return problem;
        if (TypeProblem(rules, value, path) is { } wrongType)
        {
            yield return wrongType;
            yield break;
        }
        foreach (var problem in OfValue(rules, value, path)
            .Concat(value switch
            {
                JsonObject map => OfMap(rules, map, path, level),
                JsonArray list => OfList(rules, list, path, level),
                _ => [],
            })
            .Concat(OfCombinations(rules, value, path, level)))
            yield return problem;
    }

    private static ValuesProblem? TypeProblem(JsonObject rules, JsonNode? value, IReadOnlyList<string> path)
    {
        List<string> types = rules["type"] switch
        {
            JsonArray several => [.. several.Select(type => (string?)type ?? "")],
            JsonValue one => [one.ToString()],
            _ => [],
        };
        var seen = TypeOf(value);
        return types.Count == 0 || types.Contains(seen) || (seen == "integer" && types.Contains("number"))
            ? null
            : new(path, "type", $"must be {string.Join(" or ", types)}, but is {seen}");
    }

    private static string TypeOf(JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => "null",
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        _ => decimal.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number == decimal.Truncate(number) ? "integer" : "number",
    };

    private static IEnumerable<ValuesProblem> OfValue(JsonObject rules, JsonNode? value, IReadOnlyList<string> path)
    {
        if (rules["enum"] is JsonArray allowed && !allowed.Any(one => JsonNode.DeepEquals(one, value)))
            yield return new(path, "enum", $"must be one of {string.Join(", ", allowed.Select(one => one?.ToString() ?? "null"))}, but is {Shown(value)}");
        if (rules.ContainsKey("const") && !JsonNode.DeepEquals(rules["const"], value))
            yield return new(path, "const", $"must be {Shown(rules["const"])}, but is {Shown(value)}");
        if (value?.GetValueKind() == JsonValueKind.String)
            foreach (var problem in OfText(rules, value.GetValue<string>(), path))
                yield return problem;
        else if (value?.GetValueKind() == JsonValueKind.Number && Number(value) is { } number)
            foreach (var problem in OfNumber(rules, number, path))
                yield return problem;
    }

    private static IEnumerable<ValuesProblem> OfText(JsonObject rules, string text, IReadOnlyList<string> path)
    {
        var length = text.EnumerateRunes().Count();
        if (Number(rules["minLength"]) is { } shortest && length < shortest)
            yield return new(path, "minLength", shortest == 1 ? "must not be empty" : $"must have at least {shortest} characters, but has {length}");
        if (Number(rules["maxLength"]) is { } longest && length > longest)
            yield return new(path, "maxLength", $"must have at most {longest} characters, but has {length}");
        if ((string?)rules["pattern"] is { } pattern && Matches(pattern, text) == false)
            yield return new(path, "pattern", $"must match {pattern}");
    }

    private static IEnumerable<ValuesProblem> OfNumber(JsonObject rules, decimal number, IReadOnlyList<string> path)
    {
        if (Number(rules["minimum"]) is { } least && number < least)
            yield return new(path, "minimum", $"must be at least {least}, but is {number}");
        if (Number(rules["maximum"]) is { } most && number > most)
            yield return new(path, "maximum", $"must be at most {most}, but is {number}");
        if (Number(rules["exclusiveMinimum"]) is { } above && number <= above)
            yield return new(path, "exclusiveMinimum", $"must be more than {above}, but is {number}");
        if (Number(rules["exclusiveMaximum"]) is { } below && number >= below)
            yield return new(path, "exclusiveMaximum", $"must be less than {below}, but is {number}");
        if (Number(rules["multipleOf"]) is { } step and not 0 && number % step != 0)
            yield return new(path, "multipleOf", $"must be a multiple of {step}, but is {number}");
    }

    private IEnumerable<ValuesProblem> OfMap(JsonObject rules, JsonObject map, IReadOnlyList<string> path, int level)
    {
        foreach (var name in (rules["required"] as JsonArray ?? []).Select(one => (string?)one ?? ""))
            if (!map.ContainsKey(name))
                yield return new([.. path, name], "required", "is required");
        var known = rules["properties"] as JsonObject ?? [];
        var patterns = rules["patternProperties"] as JsonObject ?? [];
        foreach (var (key, value) in map)
        {
            IReadOnlyList<string> at = [.. path, key];
            // A pattern that can not be read may match anything.
            var fitting = patterns.Where(pattern => Matches(pattern.Key, key) != false).ToList();
            List<JsonNode?> schemas = [.. known.ContainsKey(key) ? [known[key]] : (JsonNode?[])[], .. fitting.Select(pattern => pattern.Value)];
            if (schemas.Count == 0 && rules["additionalProperties"] is { } others)
                if (others.GetValueKind() == JsonValueKind.False)
                    yield return new(at, "additionalProperties", "is not known to the chart");
                else
                    schemas.Add(others);
            foreach (var problem in schemas.SelectMany(schema => Check(schema, value, at, level + 1)))
                yield return problem;
        }
        if (Number(rules["minProperties"]) is { } fewest && map.Count < fewest)
            yield return new(path, "minProperties", $"must have at least {fewest} keys, but has {map.Count}");
        if (Number(rules["maxProperties"]) is { } most && map.Count > most)
            yield return new(path, "maxProperties", $"must have at most {most} keys, but has {map.Count}");
    }

    private IEnumerable<ValuesProblem> OfList(JsonObject rules, JsonArray list, IReadOnlyList<string> path, int level)
    {
        if (Number(rules["minItems"]) is { } fewest && list.Count < fewest)
            yield return new(path, "minItems", $"must have at least {fewest} items, but has {list.Count}");
        if (Number(rules["maxItems"]) is { } most && list.Count > most)
            yield return new(path, "maxItems", $"must have at most {most} items, but has {list.Count}");
        if (rules["uniqueItems"]?.GetValueKind() == JsonValueKind.True
            && list.Select((item, index) => (item, index)).Any(one => list.Take(one.index).Any(earlier => JsonNode.DeepEquals(earlier, one.item))))
            yield return new(path, "uniqueItems", "must not hold the same item twice");
        // A list of schemas (one for each place) is left to Helm.
        if (rules["items"] is not JsonArray and { } items)
            for (var index = 0; index < list.Count; index++)
                foreach (var problem in Check(items, list[index], [.. path, string.Create(CultureInfo.InvariantCulture, $"[{index}]")], level + 1))
                    yield return problem;
    }

    private IEnumerable<ValuesProblem> OfCombinations(JsonObject rules, JsonNode? value, IReadOnlyList<string> path, int level)
    {
        foreach (var problem in (rules["allOf"] as JsonArray ?? []).SelectMany(part => Check(part, value, path, level + 1)))
            yield return problem;
        if (rules["anyOf"] is JsonArray { Count: > 0 } any && !any.Any(Fits))
            yield return new(path, "anyOf", "fits none of the forms that the chart allows");
        if (rules["oneOf"] is JsonArray { Count: > 0 } one && one.Count(Fits) is var fitting and not 1 && (fitting == 0 || keywords.AreAllKnown(one)))
            yield return new(path, "oneOf", fitting == 0 ? "fits none of the forms that the chart allows" : "fits several of the forms that the chart allows only one of");
        if (rules["not"] is JsonObject not && keywords.AreAllKnown(not) && Fits(not))
            yield return new(path, "not", "is a form that the chart does not allow");
        if (rules["if"] is { } condition && keywords.AreAllKnown(condition) && rules[Fits(condition) ? "then" : "else"] is { } consequence)
            foreach (var problem in Check(consequence, value, path, level + 1))
                yield return problem;

        bool Fits(JsonNode? part) => !Check(part, value, path, level + 1).Any();
    }

    /// <summary>Null when the pattern can not be read here.</summary>
    private static bool? Matches(string pattern, string text)
    {
        try
        {
            return Regex.IsMatch(text, pattern, RegexOptions.CultureInvariant, PatternLimit);
        }
        catch (Exception e) when (e is ArgumentException or RegexMatchTimeoutException)
        {
            return null;
        }
    }

    private static decimal? Number(JsonNode? node) =>
        node?.GetValueKind() == JsonValueKind.Number && decimal.TryParse(node.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Shown(JsonNode? value)
    {
        var text = value?.ToJsonString() ?? "null";
        return text.Length <= 80 ? text : new StringBuilder(text, 0, 79, 80).Append('…').ToString();
    }
}

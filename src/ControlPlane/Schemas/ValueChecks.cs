using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fleet.ControlPlane.Schemas;

/// <summary>The limits of one value: lengths, ranges, patterns, enumerations.</summary>
internal static class ValueChecks
{
    public static void Check(JsonNode? value, Schema schema, SchemaConstraints limits, FieldErrors errors)
    {
        if (limits.Enum is { } allowed && !allowed.Any(a => JsonNode.DeepEquals(a, value)))
            errors.Add(FieldErrorType.NotSupported, FieldErrors.Show(value), "supported values: " + string.Join(", ", allowed.Select(a => a is JsonValue v && v.GetValueKind() == JsonValueKind.String ? FieldErrors.Show(a) : $"\"{a?.ToJsonString() ?? "null"}\"")));
        switch (value)
        {
            case JsonObject o: CheckObject(o, limits, errors); break;
            case JsonArray list: CheckList(list, limits, errors); break;
            case JsonValue scalar when scalar.GetValueKind() == JsonValueKind.String: CheckText(scalar, limits, errors); break;
            case JsonValue scalar when JsonNumbers.TryDouble(scalar, out var number): CheckNumber(scalar, number, limits, errors); break;
        }
    }

    private static void CheckObject(JsonObject o, SchemaConstraints limits, FieldErrors errors)
    {
        if (o.Count > limits.MaxProperties) errors.Add(FieldErrorType.TooMany, Text(o.Count), AtMost(limits.MaxProperties));
        if (o.Count < limits.MinProperties) errors.InBody(Node(o.Count), $"should have at least {limits.MinProperties} properties");
    }

    private static void CheckList(JsonArray list, SchemaConstraints limits, FieldErrors errors)
    {
        if (list.Count > limits.MaxItems) errors.Add(FieldErrorType.TooMany, Text(list.Count), AtMost(limits.MaxItems));
        if (list.Count < limits.MinItems) errors.InBody(Node(list.Count), $"should have at least {limits.MinItems} items");
        if (!limits.UniqueItems) return;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        if (!list.All(item => seen.Add(FieldErrors.Show(item)))) errors.InBody(list, "shouldn't contain duplicates");
    }

    private static void CheckText(JsonValue value, SchemaConstraints limits, FieldErrors errors)
    {
        var text = value.GetValue<string>();
        // Characters are code points, as in upstream's utf8.RuneCountInString.
        var length = limits.MaxLength is null && limits.MinLength is null ? 0 : text.EnumerateRunes().Count();
        // The first that is wrong with a text is told, not all.
        if (length > limits.MaxLength) errors.Add(FieldErrorType.TooLong, null, $"may not be more than {limits.MaxLength} {(limits.MaxLength == 1 ? "byte" : "bytes")}");
        else if (length < limits.MinLength) errors.InBody(value, $"should be at least {limits.MinLength} chars long");
        else if (limits.CompiledPattern is { } pattern && !pattern.IsMatch(text)) errors.InBody(value, $"should match '{limits.Pattern}'");
    }

    private static void CheckNumber(JsonValue value, double number, SchemaConstraints limits, FieldErrors errors)
    {
        if (limits.MultipleOf is { } step && step > 0 && Math.Abs(number / step - Math.Round(number / step)) > 1e-9)
            errors.InBody(value, $"should be a multiple of {Text(step)}");
        if (limits.Minimum is { } min && (limits.ExclusiveMinimum ? number <= min : number < min))
            errors.InBody(value, limits.ExclusiveMinimum ? $"should be greater than {Text(min)}" : $"should be greater than or equal to {Text(min)}");
        if (limits.Maximum is { } max && (limits.ExclusiveMaximum ? number >= max : number > max))
            errors.InBody(value, limits.ExclusiveMaximum ? $"should be less than {Text(max)}" : $"should be less than or equal to {Text(max)}");
    }

    private static string AtMost(long? most) => $"must have at most {most} {(most == 1 ? "item" : "items")}";

    private static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private static JsonValue Node(int number) => JsonValue.Create(number);
}

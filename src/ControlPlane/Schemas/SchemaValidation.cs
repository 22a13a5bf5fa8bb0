using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fleet.ControlPlane.Schemas;

/// <summary>Checks a value against a schema, with upstream's messages and field paths.</summary>
public static class SchemaValidation
{
    private const string RulesNotChecked =
        "some validation rules were not checked because the object was invalid; correct the existing errors to complete validation";

    /// <summary>
    /// All errors, in the order of the fields (at most 100). With an old value, transition rules (<c>oldSelf</c>) are evaluated as well.
    /// Values must have been pruned and defaulted before. Rules are not evaluated over values of a wrong shape, and then the last error says so.
    /// </summary>
    public static IReadOnlyList<FieldError> Validate(JsonObject value, JsonObject? old, Schema schema)
    {
        var errors = new FieldErrors();
        Visit(value, schema, errors);
        if (!errors.All.Any(BlocksRules)) RuleValidation.Check(value, old, schema, errors);
        else if (schema.HasRules) errors.Add(FieldErrorType.Invalid, "null", RulesNotChecked);
        return errors.All;
    }

    private static bool BlocksRules(FieldError error) => error.Type
        is FieldErrorType.NotSupported or FieldErrorType.Required or FieldErrorType.TooLong or FieldErrorType.TooMany or FieldErrorType.TypeInvalid;

    /// <summary>Type and value checks without rules, relative to where the errors' walk is.</summary>
    internal static void Visit(JsonNode? value, Schema schema, FieldErrors errors)
    {
        if (errors.Full) return;
        if (errors.Depth > SchemaLimits.MaxDepth)
        {
            errors.Add(FieldErrorType.Invalid, null, $"must not be nested deeper than {SchemaLimits.MaxDepth} levels");
            return;
        }
        if (value is null && schema.Nullable) return;
        if (!TypeFits(value, schema, errors)) return;
        if (schema.Constraints is { } constraints)
        {
            ValueChecks.Check(value, schema, constraints, errors);
            CheckCombinations(value, constraints, errors);
        }
        if (schema.Format is { } format && value is JsonValue scalar && !FormatChecks.Fits(scalar, format))
            errors.Add(FieldErrorType.TypeInvalid, FieldErrors.Show(value), $"{errors.Name} in body must be of type {format}: {FieldErrors.Show(value)}");
        switch (value)
        {
            case JsonObject o: VisitObject(o, schema, errors); break;
            case JsonArray list: VisitList(list, schema, errors); break;
        }
    }

    private static void VisitObject(JsonObject o, Schema schema, FieldErrors errors)
    {
        foreach (var name in schema.Required)
            if (!o.ContainsKey(name)) errors.Add(FieldErrorType.Required, errors.Child(name), null, "");
        // The root of a resource is checked by the server; an object embedded deeper must say what it is.
        // Only where a CRD says so: built-in kinds inside others (a StatefulSet's claim templates) go without.
        if (schema is { EmbeddedResource: true, Reference: null } && errors.Depth > 0)
            foreach (var name in (ReadOnlySpan<string>)["apiVersion", "kind"])
                if (o[name] is not JsonValue v || !v.TryGetValue<string>(out var text) || text.Length == 0) errors.Add(FieldErrorType.Required, errors.Child(name), null, "must not be empty");
        foreach (var (name, child) in o)
        {
            if (schema.Member(name) is not { } member) continue;
            errors.Enter(name);
            Visit(child, member, errors);
            errors.Leave();
        }
    }

    private static void VisitList(JsonArray list, Schema schema, FieldErrors errors)
    {
        var seen = schema.ListKind == ListKind.Atomic ? null : new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < list.Count && !errors.Full; i++)
        {
            errors.Enter(i);
            if (schema.Items is { } items) Visit(list[i], items, errors);
            if (seen is not null && Identity(list[i], schema) is { } identity && !seen.Add(identity)) errors.Add(FieldErrorType.Duplicate, identity, "");
            errors.Leave();
        }
    }

    private static string? Identity(JsonNode? item, Schema schema)
    {
        if (schema.ListKind == ListKind.Set) return FieldErrors.Show(item);
        if (item is not JsonObject o) return null;
        var key = new JsonObject();
        foreach (var name in schema.ListMapKeys)
            if ((o[name] ?? schema.Items?.Member(name)?.Default) is { } value) key[name] = value.DeepClone();
        return FieldErrors.Show(key);
    }

    private static bool TypeFits(JsonNode? value, Schema schema, FieldErrors errors)
    {
        var actual = TypeOf(value);
        string expected;
        if (schema.IntOrString)
        {
            // Quantities may be any number: cpu: 0.5.
            if (actual is "integer" or "string" || actual == "number" && schema.Format == "quantity") return true;
            expected = "integer,string";
        }
        else
        {
            if (schema.Type.Length == 0 || schema.Type == actual || schema.Type == "number" && actual == "integer") return true;
            if (actual == "null" && schema.PreserveUnknownFields && schema.Type.Length == 0) return true;
            expected = schema.Type;
        }
        errors.Add(FieldErrorType.TypeInvalid, $"\"{actual}\"", $"{errors.Name} in body must be of type {expected}: \"{actual}\"");
        return false;
    }

    private static string TypeOf(JsonNode? value) => value switch
    {
        null => "null",
        JsonObject => "object",
        JsonArray => "array",
        _ => value.GetValueKind() switch
        {
            JsonValueKind.String => "string",
            JsonValueKind.Number => JsonNumbers.TryInteger(value, out _) ? "integer" : "number",
            JsonValueKind.True or JsonValueKind.False => "boolean",
            _ => "null",
        },
    };

    private static void CheckCombinations(JsonNode? value, SchemaConstraints constraints, FieldErrors errors)
    {
        foreach (var all in constraints.AllOf)
        {
            if (Try(value, all).Count == 0) continue;
            Visit(value, all, errors);
            errors.Add(FieldErrorType.Invalid, "\"\"", $"\"{errors.Name}\" must validate all the schemas (allOf)");
        }
        if (constraints.AnyOf.Count > 0 && !constraints.AnyOf.Any(s => Try(value, s).Count == 0))
        {
            VisitClosest(value, constraints.AnyOf, errors);
            errors.Add(FieldErrorType.Invalid, "\"\"", $"\"{errors.Name}\" must validate at least one schema (anyOf)");
        }
        if (constraints.OneOf.Count > 0)
        {
            var valid = constraints.OneOf.Count(s => Try(value, s).Count == 0);
            if (valid == 0) VisitClosest(value, constraints.OneOf, errors);
            if (valid != 1)
                errors.Add(FieldErrorType.Invalid, "\"\"", $"\"{errors.Name}\" must validate one and only one schema (oneOf). {(valid == 0 ? "Found none valid" : $"Found {valid} valid alternatives")}");
        }
        if (constraints.Not is { } not && Try(value, not).Count == 0)
            errors.Add(FieldErrorType.Invalid, "\"\"", $"\"{errors.Name}\" must not validate the schema (not)");
    }

    private static void VisitClosest(JsonNode? value, IReadOnlyList<Schema> schemas, FieldErrors errors) =>
        Visit(value, schemas.MinBy(s => Try(value, s).Count)!, errors);

    private static List<FieldError> Try(JsonNode? value, Schema schema)
    {
        var errors = new FieldErrors();
        Visit(value, schema, errors);
        return errors.All;
    }
}

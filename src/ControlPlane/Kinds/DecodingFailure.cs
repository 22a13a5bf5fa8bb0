using System.Text.RegularExpressions;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Schemas;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Kinds;

/// <summary>
/// A kube-apiserver decodes built-in kinds before it validates them, so a value of the wrong JSON type is a bad request there and not an invalid
/// object. Here the schema finds it; this says it in the decoder's words.
/// </summary>
internal static partial class DecodingFailure
{
    /// <summary>Null when the refusal is about something else, or about a custom resource.</summary>
    public static KubeApiException? Of(KindInfo kind, KubeApiException refused)
    {
        if (kind.Custom is not null || kind.Schema is null || refused.Code != 422) return null;
        foreach (var cause in refused.Details?.Causes ?? [])
        {
            if (cause is { Type: "FieldValueTypeInvalid", Field: { } field, Message: { } message } && Why(kind, field, message) is { } why)
                return ApiErrors.BadRequest($"{kind.Kind} in version \"{kind.Version}\" cannot be handled as a {kind.Kind}: {why}");
        }
        return null;
    }

    private static string? Why(KindInfo kind, string field, string message)
    {
        if (Base64Value().Match(message) is { Success: true } bytes) return $"illegal base64 data at input byte {FirstBad(bytes.Groups[1].Value)}";
        if (TypeOf().Match(message) is not { Success: true } types) return null;
        var (owner, path, schema) = Walk(kind, field);
        return $"json: cannot unmarshal {GoValue(types.Groups[1].Value)} into Go struct field {owner}.{path} of type {GoType(schema)}";
    }

    /// <summary>The innermost struct, and the path without indices and the keys of maps.</summary>
    private static (string Owner, string Path, Schema? Schema) Walk(KindInfo kind, string field)
    {
        var owner = kind.Kind;
        List<string> path = [];
        Schema? schema = kind.Schema;
        foreach (var step in field.Split('.'))
        {
            if (schema is null) break;
            var name = step.Split('[')[0];
            if (!schema.Properties.TryGetValue(name, out var member))
            {
                schema = schema.AdditionalProperties;
                break;
            }
            owner = (schema.Reference?.TypeName ?? schema.TypeName)?.Split('.')[^1] ?? owner;
            path.Add(name);
            schema = step.Contains('[', StringComparison.Ordinal) ? member.Items : member;
            schema = schema?.Reference ?? schema;
        }
        return (owner, string.Join('.', path), schema);
    }

    private static string GoValue(string type) => type switch { "integer" => "number", "boolean" => "bool", _ => type };

    private static string GoType(Schema? schema) => schema switch
    {
        null => "interface {}",
        { TypeName: { } name } => string.Join('.', name.Split('.')[^2..]),
        { Type: "integer" } => schema.Format ?? "int64",
        { Type: "number" } => "float64",
        { Type: "boolean" } => "bool",
        { Type: "array" } => "[]" + GoType(schema.Items?.Reference ?? schema.Items),
        { AdditionalProperties: { } values } => "map[string]" + GoType(values.Reference ?? values),
        _ => schema.Type,
    };

    private static int FirstBad(string text)
    {
        var at = text.AsSpan().IndexOfAnyExcept(System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"));
        return at < 0 ? text.Length : at;
    }

    [GeneratedRegex("must be of type byte: \"(.*)\"$")]
    private static partial Regex Base64Value();

    [GeneratedRegex("^Invalid value: \"(string|integer|number|boolean|object|array)\": .* in body must be of type (string|integer|number|boolean|object|array|integer,string): ")]
    private static partial Regex TypeOf();
}

using System.Text;
using Fleet.Expressions;

namespace Fleet.ControlPlane.Schemas;

/// <summary>A schema as expressions see it.</summary>
internal sealed class SchemaShape(Schema schema) : CelShape
{
    private static readonly HashSet<string> s_keywords =
    [
        "true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package",
        "namespace", "return", "var", "void", "while",
    ];

    private readonly Dictionary<string, string> _escaped = schema.Properties.Keys.ToDictionary(Escape, k => k, StringComparer.Ordinal);

    public override CelShapeKind Kind => schema.IntOrString ? CelShapeKind.Any : schema.Type switch
    {
        "object" => CelShapeKind.Map,
        "array" => CelShapeKind.List,
        "integer" => CelShapeKind.Integer,
        "number" => CelShapeKind.Double,
        "string" => schema.Format switch
        {
            "date-time" => CelShapeKind.Timestamp,
            "date" => CelShapeKind.Text,
            "duration" => CelShapeKind.Duration,
            "byte" => CelShapeKind.Bytes,
            _ => CelShapeKind.Text,
        },
        // Booleans need no help, and a value of no type is what it is.
        _ => CelShapeKind.Any,
    };

    public override bool IsOpen => schema.AdditionalProperties is not null || schema.PreserveUnknownFields || schema.Properties.Count == 0;

    public override bool IsSet => schema.ListKind == ListKind.Set;

    public override CelShape? Items => schema.Items?.Shape;

    public override CelShape? Field(string name) => schema.EmbeddedResource && name == "metadata" ? BuiltInSchemas.ObjectMeta.Shape : schema.Member(name)?.Shape;

    public override string? FieldName(string written)
    {
        if (_escaped.TryGetValue(written, out var name)) return name;
        if (schema.AdditionalProperties is not null) return written;
        return schema.EmbeddedResource && written is ("apiVersion" or "kind" or "metadata") ? written : null;
    }

    /// <summary>Names that are no identifiers are spelled with double underscores in expressions.</summary>
    public static string Escape(string name)
    {
        if (s_keywords.Contains(name)) return $"__{name}__";
        var text = new StringBuilder(name.Length);
        for (var i = 0; i < name.Length; i++)
        {
            if (name[i] == '_' && i + 1 < name.Length && name[i + 1] == '_')
            {
                text.Append("__underscores__");
                i++;
                continue;
            }
            _ = name[i] switch { '.' => text.Append("__dot__"), '-' => text.Append("__dash__"), '/' => text.Append("__slash__"), var c => text.Append(c) };
        }
        return text.ToString();
    }
}

using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Fleet.Expressions;

namespace Fleet.ControlPlane.Schemas;

/// <summary>The value validations of a schema, apart from its type.</summary>
public sealed record SchemaConstraints
{
    public IReadOnlyList<JsonNode?>? Enum { get; init; }
    public long? MinLength { get; init; }
    public long? MaxLength { get; init; }
    public string? Pattern { get; init; }

    /// <summary>Null without a pattern, and for one that cannot be compiled, which creation of the CRD refuses.</summary>
    internal Regex? CompiledPattern => Pattern is null ? null : field ??= Re2Pattern.TryCompile(Pattern, out _);

    public double? Minimum { get; init; }
    public double? Maximum { get; init; }
    public bool ExclusiveMinimum { get; init; }
    public bool ExclusiveMaximum { get; init; }
    public double? MultipleOf { get; init; }
    public long? MinItems { get; init; }
    public long? MaxItems { get; init; }
    public bool UniqueItems { get; init; }
    public long? MinProperties { get; init; }
    public long? MaxProperties { get; init; }
    public IReadOnlyList<Schema> AllOf { get; init; } = [];
    public IReadOnlyList<Schema> AnyOf { get; init; } = [];
    public IReadOnlyList<Schema> OneOf { get; init; } = [];
    public Schema? Not { get; init; }

    internal static readonly SchemaConstraints None = new();
}

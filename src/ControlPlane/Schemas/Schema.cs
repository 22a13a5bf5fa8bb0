using System.Text.Json.Nodes;

namespace Fleet.ControlPlane.Schemas;

/// <summary>
/// A structural schema: of a custom resource version (read by <see cref="SchemaReader"/>) or of a built-in type (<see cref="BuiltInSchemas"/>).
/// Read-only once handed out; built-in types may be recursive, so walkers are driven by the value, never by the schema.
/// </summary>
public sealed class Schema
{
    private static readonly Dictionary<string, Schema> s_noProperties = [];

    /// <summary><c>object</c>, <c>array</c>, <c>string</c>, <c>integer</c>, <c>number</c>, <c>boolean</c>, or empty when any type is allowed.</summary>
    public string Type { get; internal set; } = "";

    public string? Format { get; internal set; }

    public string? Description { get; internal set; }

    public IReadOnlyDictionary<string, Schema> Properties
    {
        get => Reference?.Properties ?? field;
        internal set;
    } = s_noProperties;

    public Schema? Items { get; internal set; }

    /// <summary>Schema of the values of keys that are not in <see cref="Properties"/>; null when such keys are unknown fields.</summary>
    public Schema? AdditionalProperties { get; internal set; }

    public bool Nullable { get; internal set; }

    public bool IntOrString { get; internal set; }

    public bool PreserveUnknownFields { get; internal set; }

    public bool EmbeddedResource
    {
        get => field || Reference is { EmbeddedResource: true };
        internal set;
    }

    /// <summary>Null when there is no default.</summary>
    public JsonNode? Default { get; internal set; }

    public IReadOnlyList<string> Required
    {
        get => Reference?.Required ?? field;
        internal set;
    } = [];

    public ListKind ListKind { get; internal set; } = ListKind.Atomic;

    /// <summary>Keys of a list of kind <see cref="ListKind.Map"/>.</summary>
    public IReadOnlyList<string> ListMapKeys { get; internal set; } = [];

    /// <summary>Server-side apply treats the whole map as one value.</summary>
    public bool AtomicMap
    {
        get => field || Reference is { AtomicMap: true };
        internal set;
    }

    /// <summary>Strategic merge patch: the key by which list items are told apart; null when the list is replaced or holds scalars.</summary>
    public string? PatchMergeKey { get; internal set; }

    /// <summary>Strategic merge patch: lists are merged instead of replaced.</summary>
    public bool PatchMerge { get; internal set; }

    /// <summary>Strategic merge patch: <c>$retainKeys</c> is sent for this field.</summary>
    public bool PatchRetainKeys { get; internal set; }

    /// <summary>Limits on values; null when there are none.</summary>
    public SchemaConstraints? Constraints { get; internal set; }

    public IReadOnlyList<SchemaRule> Rules { get; internal set; } = [];

    /// <summary>Name of a built-in type in OpenAPI documents, such as <c>io.k8s.api.core.v1.PodSpec</c>.</summary>
    public string? TypeName { get; internal set; }

    /// <summary>The built-in type that this member is of; its fields are those of the type.</summary>
    internal Schema? Reference { get; init; }

    /// <summary>The member must be there; only while built-in types are read, see <see cref="Required"/>.</summary>
    internal bool IsRequired { get; set; }

    /// <summary>How expressions see values of this schema.</summary>
    internal SchemaShape Shape => field ??= new SchemaShape(this);

    /// <summary>Somewhere in it are rules. Built-in types, which may be recursive, have none.</summary>
    internal bool HasRules => Rules.Count > 0 || Reference is null && TypeName is null
        && (Items is { HasRules: true } || AdditionalProperties is { HasRules: true } || Properties.Values.Any(member => member.HasRules));

    /// <summary>The rules, compiled at first use; those that do not compile were refused with their CRD and are left out.</summary>
    internal IReadOnlyList<CompiledRule> CompiledRules => field ??= CompiledRule.From(this);

    /// <summary>The schema of a member of an object; null when it is an unknown field or of any shape.</summary>
    public Schema? Member(string name) => Properties.TryGetValue(name, out var found) ? found : AdditionalProperties;
}

/// <summary><c>x-kubernetes-list-type</c>.</summary>
public enum ListKind { Atomic, Set, Map }

/// <summary>One entry of <c>x-kubernetes-validations</c>.</summary>
public sealed record SchemaRule(string Rule, string? Message, string? MessageExpression, string? Reason, string? FieldPath, bool OptionalOldSelf);

using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Schemas;

/// <summary>Reads the notation described in <c>BuiltIn/README.md</c>.</summary>
internal sealed class BuiltInCatalog
{
    public const string MetaPackage = "io.k8s.apimachinery.pkg.apis.meta.v1";
    private const string CorePackage = "io.k8s.api.core.v1";
    private static readonly string[] s_files = ["meta", "pod", "core", "workloads", "cluster"];

    private readonly Dictionary<string, Dictionary<string, Schema>> _members = new(StringComparer.Ordinal);
    private readonly List<(Schema Type, string BaseType)> _bases = [];
    private string _package = "";
    private string _groupVersion = "";
    private Schema _current = new();

    public Dictionary<string, Schema> Types { get; } = new(StringComparer.Ordinal);

    public Dictionary<GroupVersionKind, Schema> Kinds { get; } = [];

    public Schema Generic { get; } = new() { Type = "object", PreserveUnknownFields = true, EmbeddedResource = true };

    public static BuiltInCatalog Load()
    {
        var catalog = new BuiltInCatalog();
        foreach (var file in s_files)
        {
            using var stream = typeof(BuiltInCatalog).Assembly.GetManifestResourceStream($"Fleet.ControlPlane.Schemas.BuiltIn.{file}.txt")
                ?? throw new InvalidOperationException($"the built-in schemas {file}.txt are not embedded");
            using var reader = new StreamReader(stream);
            while (reader.ReadLine() is { } line)
                if (line.Length > 0) catalog.ReadLine(line);
        }
        foreach (var (type, from) in catalog._bases)
            foreach (var (name, member) in catalog._members[from]) catalog._members[type.TypeName!].TryAdd(name, member);
        if (catalog.Types.Values.FirstOrDefault(t => !catalog._members.ContainsKey(t.TypeName!)) is { } missing)
            throw new InvalidOperationException($"the built-in schemas mention {missing.TypeName} but do not describe it");
        foreach (var type in catalog.Types.Values)
        {
            type.Properties = catalog._members[type.TypeName!];
            type.Required = [.. type.Properties.Where(p => p.Value.IsRequired).Select(p => p.Key)];
        }
        return catalog;
    }

    private void ReadLine(string line)
    {
        var dashes = line.IndexOf(" -- ", StringComparison.Ordinal);
        var description = dashes < 0 ? null : line[(dashes + 4)..];
        var words = (dashes < 0 ? line : line[..dashes]).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        switch (words[0])
        {
            case "package":
                (_package, _groupVersion) = (words[1], words[2]);
                break;
            case "type" or "kind":
                Begin(words, description);
                break;
            default:
                var member = Member(words[1], words[2..]);
                member.Description = description;
                _members[_current.TypeName!][words[0].TrimEnd(':')] = member;
                break;
        }
    }

    private void Begin(string[] words, string? description)
    {
        _current = Type($"{_package}.{words[1]}");
        _current.Description = description;
        _current.AtomicMap = words.Contains("atomic");
        var members = _members[_current.TypeName!] = new(StringComparer.Ordinal);
        if (Array.IndexOf(words, ":") is > 0 and var colon) _bases.Add((_current, $"{_package}.{words[colon + 1]}"));
        if (words[0] != "kind") return;
        members["apiVersion"] = new Schema { Type = "string", Description = "Group and version of the kind." };
        members["kind"] = new Schema { Type = "string", Description = "The kind of the object." };
        members["metadata"] = Copy(Type(MetaPackage + ".ObjectMeta"), "What every object says about itself.");
        _current.EmbeddedResource = true;
        Kinds[GroupVersionKind.Parse(_groupVersion, words[1])] = _current;
    }

    private Schema Type(string name)
    {
        if (!Types.TryGetValue(name, out var type)) Types[name] = type = new Schema { Type = "object", TypeName = name };
        return type;
    }

    private Schema Member(string type, string[] flags)
    {
        var schema = Shape(type);
        foreach (var flag in flags)
        {
            var equals = flag.IndexOf('=', StringComparison.Ordinal);
            var value = equals < 0 ? "" : flag[(equals + 1)..];
            switch (equals < 0 ? flag : flag[..equals])
            {
                case "!": schema.IsRequired = true; break;
                case "atomic": schema.AtomicMap = schema.Type == "object"; break;
                case "retain": schema.PatchRetainKeys = true; break;
                case "set": schema.ListKind = ListKind.Set; break;
                case "merge":
                    schema.PatchMerge = true;
                    schema.PatchMergeKey = value.Length == 0 ? null : value;
                    break;
                case "map":
                    schema.ListKind = ListKind.Map;
                    schema.ListMapKeys = value.Split(',');
                    schema.PatchMerge = true;
                    schema.PatchMergeKey = schema.ListMapKeys[0];
                    break;
                case "default": schema.Default = JsonValue.Create(value); break;
                case "enum": schema.Constraints = new SchemaConstraints { Enum = [.. value.Split('|').Select(v => (JsonNode?)JsonValue.Create(v))] }; break;
                default: throw new InvalidOperationException($"unknown flag {flag} in the built-in schemas of {_current.TypeName}");
            }
        }
        return schema;
    }

    private Schema Shape(string type) => type switch
    {
        ['[', .. var item, ']'] => new Schema { Type = "array", Items = Shape(item) },
        ['{', .. var value, '}'] => new Schema { Type = "object", AdditionalProperties = Shape(value) },
        "string" => new Schema { Type = "string" },
        "int32" => new Schema { Type = "integer", Format = "int32" },
        "int64" => new Schema { Type = "integer", Format = "int64" },
        "number" => new Schema { Type = "number" },
        "bool" => new Schema { Type = "boolean" },
        "intstr" => new Schema { IntOrString = true, Format = "int-or-string" },
        "quantity" => new Schema { IntOrString = true, Format = "quantity" },
        "time" or "microtime" => new Schema { Type = "string", Format = "date-time", Nullable = true },
        "bytes" => new Schema { Type = "string", Format = "byte", Nullable = true },
        "any" => new Schema { PreserveUnknownFields = true },
        _ => Reference(type),
    };

    /// <summary>A member has flags of its own, so it gets a copy of the type whose fields are looked up in the type itself.</summary>
    private Schema Reference(string name)
    {
        var package = s_metaTypes.Contains(name) ? MetaPackage : Types.ContainsKey($"{_package}.{name}") || !Types.ContainsKey($"{CorePackage}.{name}") ? _package : CorePackage;
        return Copy(Type($"{package}.{name}"), null);
    }

    private static readonly HashSet<string> s_metaTypes =
        ["ObjectMeta", "OwnerReference", "LabelSelector", "LabelSelectorRequirement", "ManagedFieldsEntry", "Condition", "DeleteOptions"];

    private static Schema Copy(Schema type, string? description) => new() { Type = "object", Reference = type, Description = description };
}

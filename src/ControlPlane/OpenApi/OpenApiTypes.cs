using System.Text.Json.Nodes;
using Fleet.ControlPlane.Schemas;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.OpenApi;

/// <summary>The named types of a document: those of the resources and everything they refer to.</summary>
internal sealed class OpenApiTypes(OpenApiDialect dialect)
{
    private const string Meta = "io.k8s.apimachinery.pkg.apis.meta.v1.";
    private const string IntOrString = "io.k8s.apimachinery.pkg.util.intstr.IntOrString";
    private const string Quantity = "io.k8s.apimachinery.pkg.api.resource.Quantity";
    private const string GroupVersionKinds = "x-kubernetes-group-version-kind";

    private readonly SortedDictionary<string, JsonObject> _types = new(StringComparer.Ordinal);
    private readonly Queue<Schema> _open = new();

    public void Add(OpenApiResource resource)
    {
        var type = resource.Schema is { TypeName: not null } known ? Type(known) : CustomType(resource);
        type[GroupVersionKinds] = new JsonArray(KindJson(resource.Kind.GroupVersionKind, ""));
        _types[resource.TypeName] = type;
        _types[resource.TypeName + "List"] = new JsonObject
        {
            ["description"] = $"A list of {resource.Kind.Kind} objects.",
            ["type"] = "object",
            ["required"] = new JsonArray("items"),
            ["properties"] = new JsonObject
            {
                ["apiVersion"] = Text("Group and version of the list."),
                ["items"] = new JsonObject { ["description"] = "The objects.", ["type"] = "array", ["items"] = Reference(resource.TypeName, null) },
                ["kind"] = Text("The kind of the list."),
                ["metadata"] = Reference(Meta + "ListMeta", "Version of the list and where it goes on."),
            },
            [GroupVersionKinds] = new JsonArray(KindJson(resource.Kind.GroupVersionKind, "List")),
        };
        Need(BuiltInSchemas.Catalog.Types[Meta + "ListMeta"]);
        Need(BuiltInSchemas.ObjectMeta);
    }

    public JsonObject ToJson()
    {
        while (_open.TryDequeue(out var type))
            if (!_types.ContainsKey(type.TypeName!)) _types[type.TypeName!] = Type(type);
        var json = new JsonObject();
        foreach (var (name, type) in _types) json[name] = type.DeepClone();
        return json;
    }

    public static JsonObject KindJson(GroupVersionKind kind, string suffix) => new()
    {
        ["group"] = kind.Group,
        ["kind"] = kind.Kind + suffix,
        ["version"] = kind.Version,
    };

    public JsonObject Reference(string name, string? description)
    {
        var link = new JsonObject { ["$ref"] = (dialect == OpenApiDialect.V3 ? "#/components/schemas/" : "#/definitions/") + name };
        // Beside a $ref nothing else may stand in v3, so the description needs an envelope.
        if (dialect == OpenApiDialect.V3) return new JsonObject { ["description"] = description ?? "", ["default"] = new JsonObject(), ["allOf"] = new JsonArray(link) };
        if (description is not null) link["description"] = description;
        return link;
    }

    private void Need(Schema type) => _open.Enqueue(type);

    private JsonObject Type(Schema type)
    {
        var json = new JsonObject { ["description"] = type.Description ?? "", ["type"] = "object" };
        if (type.Required.Count > 0) json["required"] = new JsonArray([.. type.Required.Select(r => (JsonNode)r)]);
        if (type.Properties.Count > 0)
        {
            var properties = new JsonObject();
            foreach (var (name, member) in type.Properties.OrderBy(p => p.Key, StringComparer.Ordinal)) properties[name] = Member(member);
            json["properties"] = properties;
        }
        if (type.AtomicMap) json["x-kubernetes-map-type"] = "atomic";
        return json;
    }

    private JsonObject Member(Schema member)
    {
        JsonObject json;
        if (member.Reference is { } type)
        {
            Need(type);
            json = Reference(type.TypeName!, member.Description ?? type.Description);
        }
        else if (member.IntOrString) json = Reference(Scalar(member.Format == "quantity" ? Quantity : IntOrString), member.Description);
        else
        {
            json = new JsonObject();
            if (member.Description is { } description) json["description"] = description;
            // Clients stumble over an empty schema, and an open object is the widest type they all know.
            json["type"] = member.Type.Length > 0 ? member.Type : "object";
            if (member.PreserveUnknownFields) json["x-kubernetes-preserve-unknown-fields"] = true;
            if (member.Format is { } format) json["format"] = format;
            if (member.Items is { } items) json["items"] = Member(items);
            if (member.AdditionalProperties is { } values) json["additionalProperties"] = Member(values);
            if (member.Constraints?.Enum is { } allowed) json["enum"] = new JsonArray([.. allowed.Select(a => a?.DeepClone())]);
        }
        AddExtensions(member, json);
        return json;
    }

    private static void AddExtensions(Schema member, JsonObject json)
    {
        if (member.Default is { } value && json["allOf"] is null) json["default"] = value.DeepClone();
        if (member.Type == "array") json["x-kubernetes-list-type"] = member.ListKind switch { ListKind.Map => "map", ListKind.Set => "set", _ => "atomic" };
        if (member.ListMapKeys.Count > 0) json["x-kubernetes-list-map-keys"] = new JsonArray([.. member.ListMapKeys.Select(k => (JsonNode)k)]);
        if (member.AtomicMap && member.Reference is null) json["x-kubernetes-map-type"] = "atomic";
        if (member.PatchMergeKey is { } key) json["x-kubernetes-patch-merge-key"] = key;
        var strategy = (member.PatchMerge, member.PatchRetainKeys) switch { (true, true) => "merge,retainKeys", (true, false) => "merge", (false, true) => "retainKeys", _ => null };
        if (strategy is not null) json["x-kubernetes-patch-strategy"] = strategy;
    }

    private string Scalar(string name)
    {
        if (_types.ContainsKey(name)) return name;
        var description = name == Quantity ? "A number with a unit, such as 100m or 2Gi." : "A number or a text.";
        _types[name] = dialect == OpenApiDialect.V3
            ? new JsonObject { ["description"] = description, ["oneOf"] = new JsonArray(new JsonObject { ["type"] = name == Quantity ? "string" : "integer" }, new JsonObject { ["type"] = name == Quantity ? "number" : "string" }) }
            : new JsonObject { ["description"] = description, ["type"] = "string" };
        if (name == IntOrString) _types[name]["format"] = "int-or-string";
        return name;
    }

    private JsonObject CustomType(OpenApiResource resource)
    {
        var type = (JsonObject?)resource.CustomSchema?.DeepClone() ?? new JsonObject { ["x-kubernetes-preserve-unknown-fields"] = true };
        type["type"] = "object";
        if (dialect == OpenApiDialect.V2) OpenApiV2Values.Simplify(type);
        if (type["properties"] is not JsonObject properties)
        {
            if (resource.CustomSchema is not null && type["x-kubernetes-preserve-unknown-fields"] is null) type["x-kubernetes-preserve-unknown-fields"] = true;
            type["properties"] = properties = [];
        }
        properties["apiVersion"] = Text("Group and version of the kind.");
        properties["kind"] = Text("The kind of the object.");
        properties["metadata"] = Reference(Meta + "ObjectMeta", "What every object says about itself.");
        return type;
    }

    private static JsonObject Text(string description) => new() { ["description"] = description, ["type"] = "string" };
}

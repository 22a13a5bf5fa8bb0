using System.Reflection;
using System.Text.Json.Nodes;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.CustomResourceDefinitions;

/// <summary>Makes CustomResourceDefinitions (apiextensions.k8s.io/v1) from the types that carry <see cref="KindAttribute"/>.</summary>
public static class CustomResourceDefinition
{
    /// <summary>Every kind of Fleet, in the order of the definitions' names.</summary>
    public static IReadOnlyList<JsonObject> OfAllKinds() =>
        [.. SpecTypes().Select(Of).OrderBy(NameOf, StringComparer.Ordinal)];

    /// <summary>The definition of the kind that has this spec.</summary>
    public static JsonObject Of(Type spec)
    {
        var kind = spec.GetCustomAttribute<KindAttribute>() ?? throw new ArgumentException($"{spec.Name} is not the spec of a kind", nameof(spec));
        return new JsonObject
        {
            ["apiVersion"] = "apiextensions.k8s.io/v1",
            ["kind"] = "CustomResourceDefinition",
            ["metadata"] = new JsonObject { ["name"] = $"{kind.Plural}.{kind.Group}" },
            ["spec"] = new JsonObject
            {
                ["group"] = kind.Group,
                ["names"] = Names(kind),
                ["scope"] = kind.Namespaced ? "Namespaced" : "Cluster",
                ["versions"] = new JsonArray([.. kind.Versions.Select(version => Version(spec, kind, version))]),
            },
        };
    }

    /// <summary>Name of the file of a definition in <c>deploy/crds</c>.</summary>
    public static string FileNameOf(JsonObject definition) =>
        $"{(string?)definition["spec"]?["group"]}_{(string?)definition["spec"]?["names"]?["plural"]}.yaml";

    /// <summary>The definition as YAML, as it stands in <c>deploy/crds</c>.</summary>
    public static string ToYaml(JsonObject definition) => "# Generated from the types in src/Contracts; do not edit.\n" + BlockYaml.Write(definition);

    private static IEnumerable<Type> SpecTypes() =>
        typeof(CustomResourceDefinition).Assembly.GetTypes().Where(type => type.GetCustomAttribute<KindAttribute>() is not null);

    private static string NameOf(JsonObject definition) => (string)definition["metadata"]!["name"]!;

    private static JsonObject Names(KindAttribute kind)
    {
        var names = new JsonObject
        {
            ["kind"] = kind.Kind,
            ["listKind"] = kind.Kind + "List",
            ["plural"] = kind.Plural,
        };
        if (kind.ShortNames.Length > 0)
            names["shortNames"] = new JsonArray([.. kind.ShortNames.Select(name => (JsonNode)name)]);
        names["singular"] = kind.Kind.ToLowerInvariant();
        return names;
    }

    private static JsonObject Version(Type spec, KindAttribute kind, string version)
    {
        var result = new JsonObject();
        var columns = spec.GetCustomAttributes<PrinterColumnAttribute>().OrderBy(column => column.Order).Select(Column).ToArray<JsonNode>();
        if (columns.Length > 0)
            result["additionalPrinterColumns"] = new JsonArray(columns);
        result["name"] = version;
        result["schema"] = new JsonObject { ["openAPIV3Schema"] = Root(spec, kind) };
        result["served"] = true;
        result["storage"] = version == kind.Versions[^1];
        if (kind.Status is not null)
            result["subresources"] = new JsonObject { ["status"] = new JsonObject() };
        return result;
    }

    private static JsonObject Column(PrinterColumnAttribute column)
    {
        var result = new JsonObject();
        if (column.Description is not null)
            result["description"] = column.Description;
        result["jsonPath"] = column.JsonPath;
        result["name"] = column.Name;
        if (column.Priority > 0)
            result["priority"] = column.Priority;
        result["type"] = column.Type;
        return result;
    }

    private static JsonObject Root(Type spec, KindAttribute kind)
    {
        var specSchema = StructuralSchema.Of(spec);
        var properties = new JsonObject
        {
            ["apiVersion"] = new JsonObject { ["type"] = "string" },
            ["kind"] = new JsonObject { ["type"] = "string" },
            ["metadata"] = new JsonObject { ["type"] = "object" },
            ["spec"] = specSchema,
        };
        if (kind.Status is not null)
            properties["status"] = StructuralSchema.Of(kind.Status);
        var root = new JsonObject
        {
            ["description"] = (string?)specSchema["description"] ?? kind.Kind,
            ["properties"] = properties,
        };
        if (specSchema["required"] is not null)
            root["required"] = new JsonArray("spec");
        root["type"] = "object";
        return root;
    }
}

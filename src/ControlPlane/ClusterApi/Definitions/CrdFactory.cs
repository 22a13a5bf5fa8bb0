using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Objects;

namespace Fleet.ControlPlane.ClusterApi.Definitions;

/// <summary>CustomResourceDefinitions with permissive structural schemas and the columns that users of the real ones know. Pure.</summary>
internal static class CrdFactory
{
    private const string Mark = "the provider's own one is stricter.";

    /// <summary>Whether a definition is one of these, and not one that a real provider brought.</summary>
    public static bool Made(JsonObject crd) => crd.Items("spec", "versions").Select(v => v.Text("schema", "openAPIV3Schema", "description"))
        .Any(d => d?.EndsWith(Mark, StringComparison.Ordinal) == true);

    public static JsonObject Make(KindDefinition kind)
    {
        var name = $"{kind.Plural}.{kind.Group}";
        var contract = string.Join('_', kind.Versions);
        var names = new JsonObject
        {
            ["kind"] = kind.Kind,
            ["listKind"] = $"{kind.Kind}List",
            ["plural"] = kind.Plural,
            ["singular"] = kind.Kind.ToLowerInvariant(),
        };
        if (kind.ShortNames.Count > 0)
            names["shortNames"] = new JsonArray([.. kind.ShortNames.Select(s => (JsonNode)s)]);
        if (kind.Group.EndsWith("cluster.x-k8s.io", StringComparison.Ordinal))
            names["categories"] = new JsonArray("cluster-api");
        var labels = new JsonObject { ["cluster.x-k8s.io/provider"] = kind.Provider };
        if (kind.Group.EndsWith("cluster.x-k8s.io", StringComparison.Ordinal))
        {
            // Contract version → the API versions that follow it; how a real core finds the version to use for a reference.
            labels["cluster.x-k8s.io/v1beta1"] = contract;
            labels["cluster.x-k8s.io/v1beta2"] = contract;
        }
        return new()
        {
            ["apiVersion"] = "apiextensions.k8s.io/v1",
            ["kind"] = "CustomResourceDefinition",
            ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = labels },
            ["spec"] = new JsonObject
            {
                ["group"] = kind.Group,
                ["names"] = names,
                ["scope"] = kind.ClusterScoped ? "Cluster" : "Namespaced",
                ["conversion"] = new JsonObject { ["strategy"] = "None" },
                ["versions"] = kind.Versions.Select(v => Version(kind, v)).ToJson(),
            },
        };
    }

    private static JsonObject Version(KindDefinition kind, string version)
    {
        var subresources = new JsonObject { ["status"] = new JsonObject() };
        if (kind.HasScale)
            subresources["scale"] = new JsonObject
            {
                ["specReplicasPath"] = ".spec.replicas",
                ["statusReplicasPath"] = ".status.replicas",
                ["labelSelectorPath"] = ".status.selector",
            };
        return new()
        {
            ["name"] = version,
            ["served"] = true,
            ["storage"] = version == kind.StorageVersion,
            ["subresources"] = subresources,
            ["additionalPrinterColumns"] = PrinterColumns.Of(kind).Select(Column).ToJson(),
            ["schema"] = new JsonObject { ["openAPIV3Schema"] = Schema(kind) },
        };
    }

    private static JsonObject Schema(KindDefinition kind)
    {
        var spec = Open();
        if (kind.HasScale)
            spec["properties"] = new JsonObject { ["replicas"] = new JsonObject { ["type"] = "integer", ["format"] = "int32", ["minimum"] = 0 } };
        return new()
        {
            ["type"] = "object",
            ["description"] = $"{kind.Kind} of {kind.Provider}. The schema is open: {Mark}",
            ["properties"] = new JsonObject
            {
                ["apiVersion"] = new JsonObject { ["type"] = "string" },
                ["kind"] = new JsonObject { ["type"] = "string" },
                ["metadata"] = new JsonObject { ["type"] = "object" },
                ["spec"] = spec,
                ["status"] = Open(),
            },
        };
    }

    private static JsonObject Open() => new() { ["type"] = "object", ["x-kubernetes-preserve-unknown-fields"] = true };

    private static JsonObject Column(PrinterColumn column)
    {
        var result = new JsonObject { ["name"] = column.Name, ["type"] = column.Type, ["jsonPath"] = column.Path };
        if (column.Wide)
            result["priority"] = 10;
        return result;
    }
}

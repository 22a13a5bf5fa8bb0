using System.Text.Json.Nodes;
using Fleet.ControlPlane.Kinds;

namespace Fleet.ControlPlane.Discovery;

/// <summary>apidiscovery.k8s.io: all groups in one document.</summary>
internal static class AggregatedDiscovery
{
    public static JsonObject Of(KindCatalog catalog, bool core, string version)
    {
        var items = new JsonArray();
        foreach (var group in GroupVersions.Of(catalog))
        {
            if (group.Name.Length == 0 != core) continue;
            var metadata = new JsonObject { ["creationTimestamp"] = null };
            if (group.Name.Length > 0) metadata["name"] = group.Name;
            items.Add(new JsonObject
            {
                ["metadata"] = metadata,
                ["versions"] = new JsonArray([.. group.Versions.Select(v => (JsonNode)Version(catalog, group.Name, v))]),
            });
        }
        return new JsonObject
        {
            ["kind"] = "APIGroupDiscoveryList",
            ["apiVersion"] = $"apidiscovery.k8s.io/{version}",
            ["metadata"] = new JsonObject(),
            ["items"] = items,
        };
    }

    private static JsonObject Version(KindCatalog catalog, string group, string version) => new()
    {
        ["version"] = version,
        ["freshness"] = "Current",
        ["resources"] = new JsonArray([.. catalog.All.Where(k => k.Group == group && k.Version == version).Select(k => (JsonNode)Resource(k))]),
    };

    private static JsonObject Resource(KindInfo kind)
    {
        var body = new JsonObject
        {
            ["resource"] = kind.Plural,
            ["responseKind"] = ResponseKind(kind.Group, kind.Version, kind.Kind),
            ["scope"] = kind.Namespaced ? "Namespaced" : "Cluster",
            ["singularResource"] = kind.Singular,
            ["verbs"] = LegacyDiscovery.Strings(kind.Verbs),
        };
        if (kind.ShortNames.Count > 0) body["shortNames"] = LegacyDiscovery.Strings(kind.ShortNames);
        if (kind.Categories.Count > 0) body["categories"] = LegacyDiscovery.Strings(kind.Categories);
        if (kind.Subresources.Count > 0)
        {
            body["subresources"] = new JsonArray([.. kind.Subresources.Select(name =>
            {
                var shape = SubresourceShape.Of(kind, name);
                return (JsonNode)new JsonObject
                {
                    ["subresource"] = name,
                    ["responseKind"] = ResponseKind(shape.Group, shape.Version, shape.Kind),
                    ["verbs"] = LegacyDiscovery.Strings(shape.Verbs),
                };
            })]);
        }
        return body;
    }

    private static JsonObject ResponseKind(string group, string version, string kind) => new() { ["group"] = group, ["version"] = version, ["kind"] = kind };
}

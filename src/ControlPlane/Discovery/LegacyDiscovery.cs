using System.Text.Json.Nodes;
using Fleet.ControlPlane.Kinds;

namespace Fleet.ControlPlane.Discovery;

/// <summary>Discovery as it was before it was aggregated: a document per group and version.</summary>
internal static class LegacyDiscovery
{
    public static JsonObject CoreVersions(string host) => new()
    {
        ["kind"] = "APIVersions",
        ["versions"] = new JsonArray("v1"),
        ["serverAddressByClientCIDRs"] = new JsonArray(new JsonObject { ["clientCIDR"] = "0.0.0.0/0", ["serverAddress"] = host }),
    };

    public static JsonObject Groups(KindCatalog catalog) => new()
    {
        ["kind"] = "APIGroupList",
        ["apiVersion"] = "v1",
        ["groups"] = new JsonArray([.. GroupVersions.Of(catalog).Where(g => g.Name.Length > 0).Select(g => (JsonNode)GroupBody(g))]),
    };

    public static JsonObject? Group(KindCatalog catalog, string name)
    {
        if (name.Length == 0 || GroupVersions.Of(catalog).FirstOrDefault(g => g.Name == name) is not { } group) return null;
        var body = new JsonObject { ["kind"] = "APIGroup", ["apiVersion"] = "v1" };
        foreach (var (member, value) in GroupBody(group)) body[member] = value?.DeepClone();
        return body;
    }

    public static JsonObject? Resources(KindCatalog catalog, string group, string version)
    {
        var kinds = catalog.All.Where(k => k.Group == group && k.Version == version).ToArray();
        if (kinds.Length == 0) return null;
        var resources = new JsonArray();
        foreach (var kind in kinds)
        {
            resources.Add(Resource(kind));
            foreach (var subresource in kind.Subresources) resources.Add(Subresource(kind, subresource));
        }
        var body = new JsonObject { ["kind"] = "APIResourceList" };
        if (group.Length > 0) body["apiVersion"] = "v1";
        body["groupVersion"] = group.Length == 0 ? version : $"{group}/{version}";
        body["resources"] = resources;
        return body;
    }

    public static IEnumerable<string> Paths(KindCatalog catalog)
    {
        yield return "/api";
        yield return "/api/v1";
        yield return "/apis";
        foreach (var group in GroupVersions.Of(catalog).Where(g => g.Name.Length > 0).OrderBy(g => g.Name, StringComparer.Ordinal))
        {
            yield return $"/apis/{group.Name}";
            foreach (var version in group.Versions) yield return $"/apis/{group.Name}/{version}";
        }
        foreach (var path in (string[])["/healthz", "/livez", "/openapi/v2", "/openapi/v3", "/readyz", "/version"]) yield return path;
    }

    private static JsonObject GroupBody(GroupVersions group) => new()
    {
        ["name"] = group.Name,
        ["versions"] = new JsonArray([.. group.Versions.Select(v => (JsonNode)VersionBody(group.Name, v))]),
        ["preferredVersion"] = VersionBody(group.Name, group.Versions[0]),
    };

    private static JsonObject VersionBody(string group, string version) => new() { ["groupVersion"] = $"{group}/{version}", ["version"] = version };

    private static JsonObject Resource(KindInfo kind)
    {
        var body = new JsonObject
        {
            ["name"] = kind.Plural,
            ["singularName"] = kind.Singular,
            ["namespaced"] = kind.Namespaced,
            ["kind"] = kind.Kind,
            ["verbs"] = Strings(kind.Verbs),
        };
        if (kind.ShortNames.Count > 0) body["shortNames"] = Strings(kind.ShortNames);
        if (kind.Categories.Count > 0) body["categories"] = Strings(kind.Categories);
        return body;
    }

    private static JsonObject Subresource(KindInfo kind, string name)
    {
        var shape = SubresourceShape.Of(kind, name);
        var body = new JsonObject { ["name"] = $"{kind.Plural}/{name}", ["singularName"] = "", ["namespaced"] = kind.Namespaced };
        if (shape.Group != kind.Group || shape.Version != kind.Version)
        {
            body["group"] = shape.Group;
            body["version"] = shape.Version;
        }
        body["kind"] = shape.Kind;
        body["verbs"] = Strings(shape.Verbs);
        return body;
    }

    internal static JsonArray Strings(IEnumerable<string> items) => new([.. items.Select(i => (JsonNode)i)]);
}

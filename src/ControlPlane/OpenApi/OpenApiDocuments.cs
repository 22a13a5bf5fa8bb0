using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Fleet.ControlPlane.OpenApi;

/// <summary>Builds the documents that <c>/openapi/v3</c> and <c>/openapi/v2</c> serve. Expensive: build on change, serve the bytes.</summary>
public static class OpenApiDocuments
{
    /// <summary>
    /// The v3 document of one group version: named types, and paths with the query parameters by which kubectl
    /// finds out that the server validates fields itself.
    /// </summary>
    public static JsonObject V3(IEnumerable<OpenApiResource> resources)
    {
        var (types, paths) = Build(OpenApiDialect.V3, resources);
        return new JsonObject
        {
            ["openapi"] = "3.0.0",
            ["info"] = Info(),
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = types },
        };
    }

    /// <summary>
    /// The answer to <c>/openapi/v3</c>: for each group version its path (<c>api/v1</c>, <c>apis/apps/v1</c>) and hash. The hash in the URL
    /// lets clients keep a document for as long as it does not change.
    /// </summary>
    public static JsonObject V3Index(IEnumerable<KeyValuePair<string, string>> hashByPath, string pathPrefix = "")
    {
        var paths = new JsonObject();
        foreach (var (path, hash) in hashByPath.OrderBy(p => p.Key, StringComparer.Ordinal))
            paths[path] = new JsonObject { ["serverRelativeURL"] = $"{pathPrefix}/openapi/v3/{path}?hash={hash}" };
        return new JsonObject { ["paths"] = paths };
    }

    /// <summary>The v2 document of everything, for clients that know no v3.</summary>
    public static JsonObject V2(IEnumerable<OpenApiResource> resources)
    {
        var (types, paths) = Build(OpenApiDialect.V2, resources);
        return new JsonObject { ["swagger"] = "2.0", ["info"] = Info(), ["paths"] = paths, ["definitions"] = types };
    }

    /// <summary>Hash of a document's bytes, for <see cref="V3Index"/> and ETags.</summary>
    public static string Hash(ReadOnlySpan<byte> document) => Convert.ToHexString(SHA256.HashData(document));

    private static (JsonObject Types, JsonObject Paths) Build(OpenApiDialect dialect, IEnumerable<OpenApiResource> resources)
    {
        var types = new OpenApiTypes(dialect);
        var paths = new OpenApiPaths(dialect, types);
        foreach (var resource in resources)
        {
            types.Add(resource);
            paths.Add(resource);
        }
        return (types.ToJson(), paths.ToJson());
    }

    private static JsonObject Info() => new() { ["title"] = "Kubernetes", ["version"] = "v1.33.0" };
}

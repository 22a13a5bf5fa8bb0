using Fleet.ControlPlane.Kinds;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.OpenApi;
using Fleet.ControlPlane.Serving;

namespace Fleet.ControlPlane.Discovery;

/// <summary>/openapi/v2 and /openapi/v3.</summary>
internal static class OpenApiEndpoints
{
    private const string V3Prefix = "/openapi/v3/";

    public static Task HandleAsync(ApiRequest request, string path)
    {
        var catalog = request.Cluster.Catalog;
        var response = request.Http.Response;
        if (path == "/openapi/v2") return V2Async(request, catalog);
        var groups = OpenApiCache.GroupVersionPaths(catalog);
        if (path == "/openapi/v3")
        {
            // Clients append the URLs to the server's address as it stands in the kubeconfig, without its path.
            var prefix = request.Cluster.IsManagement ? "" : $"/clusters/{request.Cluster.Name}";
            var hashes = groups.Select(g => KeyValuePair.Create(g.Key, OpenApiCache.V3Of(g.Value).Hash));
            return ResponseBytes.WriteAsync(response, 200, OpenApiDocuments.V3Index(hashes, prefix));
        }
        if (!path.StartsWith(V3Prefix, StringComparison.Ordinal) || !groups.TryGetValue(path[V3Prefix.Length..], out var kinds)) throw ApiErrors.PathNotFound();
        var document = OpenApiCache.V3Of(kinds);
        response.Headers.ETag = $"\"{document.Hash}\"";
        if (request.Query("hash") == document.Hash) response.Headers.CacheControl = "public, immutable";
        return ResponseBytes.WriteAsync(response, 200, document.Bytes, "application/json");
    }

    private static Task V2Async(ApiRequest request, KindCatalog catalog)
    {
        var asksForProtobuf = request.Http.Request.Headers.Accept.ToString().Contains(OpenApiV2Protobuf.AcceptedType, StringComparison.Ordinal);
        return asksForProtobuf
            ? ResponseBytes.WriteAsync(request.Http.Response, 200, OpenApiCache.V2ProtobufOf(catalog), OpenApiV2Protobuf.MediaType)
            : ResponseBytes.WriteAsync(request.Http.Response, 200, OpenApiCache.V2Of(catalog), "application/json");
    }
}

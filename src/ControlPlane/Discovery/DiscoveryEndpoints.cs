using System.Text.Json.Nodes;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Serving;

namespace Fleet.ControlPlane.Discovery;

/// <summary>Everything that is no resource: discovery, version, health, OpenAPI.</summary>
internal static class DiscoveryEndpoints
{
    public static Task HandleAsync(ApiRequest request)
    {
        if (request.Http.Request.Method is not ("GET" or "HEAD")) throw ApiErrors.MethodNotAllowed();
        var path = request.Target.Path.TrimEnd('/');
        var catalog = request.Cluster.Catalog;
        var accept = request.Http.Request.Headers.Accept;
        switch (path)
        {
            case "/healthz" or "/livez" or "/readyz":
                return ResponseBytes.WriteAsync(request.Http.Response, 200, "ok"u8.ToArray(), "text/plain; charset=utf-8");
            case "/version":
                return Send(request, VersionInfo.Of(request.Cluster));
            case "/api" or "/apis" when AcceptHeader.AggregatedDiscovery(accept) is { } version:
                return SendAggregated(request, AggregatedDiscovery.Of(catalog, core: path == "/api", version), version);
            case "/api":
                return Send(request, LegacyDiscovery.CoreVersions(request.Http.Request.Host.Value ?? ""));
            case "/apis":
                return Send(request, LegacyDiscovery.Groups(catalog));
            case "":
                return Send(request, new JsonObject { ["paths"] = new JsonArray([.. LegacyDiscovery.Paths(catalog).Select(p => (JsonNode)p)]) });
        }
        if (path.StartsWith("/openapi/", StringComparison.Ordinal)) return OpenApiEndpoints.HandleAsync(request, path);
        return Send(request, path.Split('/') switch
        {
            ["", "api", var version] => LegacyDiscovery.Resources(catalog, "", version),
            ["", "apis", var group] => LegacyDiscovery.Group(catalog, group),
            ["", "apis", var group, var version] => LegacyDiscovery.Resources(catalog, group, version),
            _ => null,
        } ?? throw ApiErrors.PathNotFound());
    }

    private static Task Send(ApiRequest request, JsonObject body) => ResponseBytes.WriteAsync(request.Http.Response, 200, body);

    private static Task SendAggregated(ApiRequest request, JsonObject body, string version)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(body.ToJsonString());
        return ResponseBytes.WriteAsync(request.Http.Response, 200, bytes, $"application/json;g=apidiscovery.k8s.io;v={version};as=APIGroupDiscoveryList");
    }
}

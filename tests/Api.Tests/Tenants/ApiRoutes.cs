using System.Text.Json.Nodes;
using Fleet.Rest;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Api.Tests.Tenants;

/// <summary>Every call that the OpenAPI document names, and a check that it names every endpoint that there is.</summary>
internal static class ApiRoutes
{
    /// <summary>Endpoints outside of <c>/api/v1</c>, which the document is about, and those that other credentials guard.</summary>
    private static readonly string[] Others = ["GET /allocation", "GET /assets", "POST /api/v1/looks", "POST /v1/logs", "POST /v1/traces"];

    /// <summary>Not about anything of anybody: probes, metrics, the document, and the answer to what does not exist.</summary>
    private static readonly string[] OfNobody = ["/livez", "/readyz", "/startupz", "/metrics", "/openapi/v1.json", "/api/v1/{**path}"];

    public static async Task<IReadOnlyList<ApiRoute>> AllAsync(ApiHost host)
    {
        var document = JsonNode.Parse(await host.Caller(null).GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)))!;
        var documented = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(operation => new ApiRoute(
            operation.Key.ToUpperInvariant(), path.Key, [.. (operation.Value!["parameters"] as JsonArray ?? []).Where(one => (string?)one!["in"] == "query").Select(one => (string)one!["name"]!)])))
            .Concat(Others.Select(other => new ApiRoute(other.Split(' ')[0], other.Split(' ')[1], []))).ToList();
        var known = documented.Select(route => route.ToString()).ToHashSet();
        var served = host.Service<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => !OfNobody.Contains(endpoint.RoutePattern.RawText!.TrimEnd('/')))
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []).Select(method => $"{method} {endpoint.RoutePattern.RawText!.TrimEnd('/')}"));
        Assert.Empty(served.Except(known));
        Assert.All(documented, route => Assert.True(route.Path.StartsWith(RestApi.Root, StringComparison.Ordinal) || Others.Contains(route.ToString())));
        return documented;
    }
}

/// <param name="Path">With its placeholders.</param>
/// <param name="Queries">Names of parameters.</param>
internal sealed record ApiRoute(string Method, string Path, IReadOnlyList<string> Queries)
{
    public bool IsRead => Method == "GET";

    /// <summary>Placeholders by what they mean.</summary>
    public string Fill(string @namespace, string name, string id) => System.Text.RegularExpressions.Regex.Replace(Path, @"\{([^}]+)\}", match => match.Groups[1].Value.TrimStart('*') switch
    {
        "namespace" => @namespace,
        "id" => id,
        "action" => "dismiss",
        _ => name,
    });

    public override string ToString() => $"{Method} {Path}";
}

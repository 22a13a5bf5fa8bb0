using System.Net;
using System.Text.Json.Nodes;
using Fleet.Rest;
using Fleet.Testing.ApiServers;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Api.Tests;

/// <summary>The OpenAPI document says what the API does.</summary>
public sealed class OpenApiTests
{
    [Fact]
    public async Task Every_endpoint_is_documented_with_all_its_answers()
    {
        await using var host = await ApiHost.WithServicesAsync(await ApiServers.SharedAsync("embedded"));
        var document = await DocumentAsync(host);
        Assert.StartsWith("3.1.", (string)document["openapi"]!, StringComparison.Ordinal);
        var missing = new List<string>();
        var endpoints = host.Service<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith(RestApi.Root, StringComparison.Ordinal) && !endpoint.RoutePattern.RawText.Contains("**", StringComparison.Ordinal))
            .ToList();
        Assert.True(endpoints.Count > 25);
        foreach (var endpoint in endpoints)
        {
            var method = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Single();
            var path = endpoint.RoutePattern.RawText!.TrimEnd('/');
            if (document["paths"]![path]?[method.ToLowerInvariant()] is not JsonObject operation)
            {
                missing.Add($"{method} {path}");
                continue;
            }

            foreach (var status in (string[])["200", "400", "401", "403", "429", "500", "502", "503", .. path.Contains('{', StringComparison.Ordinal) ? ["404"] : Array.Empty<string>()])
                if (operation["responses"]![status] is null)
                    missing.Add($"{method} {path}: {status}");
            if (string.IsNullOrEmpty((string?)operation["summary"]) || string.IsNullOrEmpty((string?)operation["operationId"]) || operation["tags"] is not JsonArray { Count: > 0 })
                missing.Add($"{method} {path}: summary, operationId or tags");
            foreach (var (status, response) in operation["responses"]!.AsObject().Where(pair => pair.Key[0] is '4' or '5'))
                Assert.Equal("#/components/schemas/Problem", (string?)response!["content"]!["application/problem+json"]!["schema"]!["$ref"]);
            if (operation["parameters"] is JsonArray parameters)
                Assert.All(parameters, parameter => Assert.NotNull(parameter!["schema"]));
            if (method is "POST" or "PATCH" && !path.EndsWith("/rotate", StringComparison.Ordinal) && !path.EndsWith("/pause", StringComparison.Ordinal) && !path.EndsWith("/resume", StringComparison.Ordinal) && !path.EndsWith("/restart", StringComparison.Ordinal) && !path.EndsWith("/auth/session", StringComparison.Ordinal) && operation["requestBody"] is null)
                missing.Add($"{method} {path}: body");
        }

        Assert.Empty(missing);
        Assert.Equal(endpoints.Count, document["paths"]!.AsObject().Sum(path => path.Value!.AsObject().Count));
    }

    [Fact]
    public async Task References_lead_somewhere_and_schemas_have_the_fields_of_the_answers()
    {
        await using var host = await ApiHost.StartAsync("embedded");
        var document = await DocumentAsync(host);
        foreach (var reference in References(document))
            Assert.True(reference[2..].Split('/').Aggregate((JsonNode?)document, (node, step) => node?[step]) is not null, $"{reference} leads nowhere");
        await host.ClusterAsync("a");
        var cluster = await (await host.AdminAsync()).OkAsync($"/clusters/{host.Namespace}/a");
        var properties = document["components"]!["schemas"]!["ClusterView"]!["properties"]!.AsObject().Select(property => property.Key).ToHashSet();
        Assert.Superset(cluster.AsObject().Select(field => field.Key).ToHashSet(), properties);
        Assert.NotNull(document["components"]!["securitySchemes"]!["bearer"]);
    }

    [Fact]
    public async Task The_document_is_public_small_and_cached()
    {
        await using var host = await ApiHost.StartAsync("embedded");
        using var first = await host.Caller(null).GetAsync(new Uri("/openapi/v1.json", UriKind.Relative));
        Assert.Equal("application/json", first.Content.Headers.ContentType!.MediaType);
        Assert.InRange((await first.Content.ReadAsByteArrayAsync()).Length, 10_000, 200_000);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/openapi/v1.json", UriKind.Relative));
        request.Headers.TryAddWithoutValidation("If-None-Match", first.Headers.ETag!.ToString());
        Assert.Equal(HttpStatusCode.NotModified, (await host.Caller(null).SendAsync(request)).StatusCode);
    }

    private static async Task<JsonNode> DocumentAsync(ApiHost host) => JsonNode.Parse(await host.Caller(null).GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)))!;

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject map => map.SelectMany(pair => pair.Key == "$ref" && pair.Value is JsonValue value ? [(string)value!] : References(pair.Value)),
        JsonArray list => list.SelectMany(References),
        _ => [],
    };
}

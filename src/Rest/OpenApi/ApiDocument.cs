using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.Rest.Requests;
using Fleet.Contracts;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Fleet.Rest.OpenApi;

/// <summary>The OpenAPI 3.1 document of <c>/api/v1</c>, made once. It holds no data, so everybody may read it.</summary>
public static class ApiDocument
{
    public const string Path = "/openapi/v1.json";

    private const string Name = "v1";

    public static IServiceCollection AddApiDocument(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ContractsJson.Default);
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, RestJson.Default);
        });
        services.AddOpenApi(Name, options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.ShouldInclude = endpoint => ("/" + endpoint.RelativePath).StartsWith(RestApi.Root + "/", StringComparison.Ordinal);
            options.AddDocumentTransformer<DocumentHead>();
            options.AddOperationTransformer<OperationDetails>();
        });
        services.AddSingleton<Rendered>();
        return services;
    }

    public static void MapApiDocument(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet(Path, async (HttpContext http, Rendered rendered) =>
        {
            var (bytes, etag) = await rendered.Value;
            http.Response.Headers.ETag = etag;
            http.Response.Headers.CacheControl = "public, max-age=60";
            return ETags.IsKnown(http.Request, etag) ? Results.StatusCode(StatusCodes.Status304NotModified) : Results.Bytes(bytes, "application/json");
        }).ExcludeFromDescription();

    private sealed class Rendered(IServiceProvider services)
    {
        private readonly Lazy<Task<(byte[] Bytes, string ETag)>> value = new(() => RenderAsync(services));

        public Task<(byte[] Bytes, string ETag)> Value => value.Value;

        private static async Task<(byte[] Bytes, string ETag)> RenderAsync(IServiceProvider services)
        {
            var document = await services.GetRequiredKeyedService<IOpenApiDocumentProvider>(Name).GetOpenApiDocumentAsync();
            // Without the white space it is a third.
            var bytes = Encoding.UTF8.GetBytes(JsonNode.Parse(await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1))!.ToJsonString());
            return (bytes, $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 16))}\"");
        }
    }
}

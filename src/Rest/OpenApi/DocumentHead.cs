using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Fleet.Rest.OpenApi;

/// <summary>Title, and how callers show who they are.</summary>
public sealed class DocumentHead : IOpenApiDocumentTransformer
{
    private const string Scheme = "bearer";

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new()
        {
            Title = "Fleet",
            Version = "v1",
            Description = "Admin REST API: clusters and their services. Callers are users of the management API: their bearer token is checked by TokenReview, and RBAC decides each call.",
        };
        // Where the document is read from is where the API is.
        document.Servers = [new() { Url = "/" }];
        document.Components ??= new();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Scheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = Scheme, Description = "A token that the management API knows: kubectl create token NAME" },
        };
        document.Security = [new() { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }];
        return Task.CompletedTask;
    }
}

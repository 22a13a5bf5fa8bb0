using System.Text.Json;
using Fleet.Control.Access;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Resources;
using Fleet.Observability.Api;

namespace Fleet.Observability.Teams.Categories;

/// <summary><c>/api/v1/costs/categories</c>: the CostCategory objects that the caller may list, and how a query names each.</summary>
internal static class CategoryEndpoints
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static IEndpointRouteBuilder MapCategories(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/api/v1/costs/categories", ListAsync).WithTags("costs").WithSummary("Cost categories that showback and aggregation can be by");
        return endpoints;
    }

    private static async Task<IResult> ListAsync(HttpRequest request, FleetCategories categories, CallerAccess access, CancellationToken ct)
    {
        try
        {
            if (await access.WhoAsync(request, fresh: false, ct) is not { } caller)
            {
                request.HttpContext.Response.Headers.WWWAuthenticate = "Bearer";
                return CallerResults.Problem(StatusCodes.Status401Unauthorized, "a bearer token of the management API is needed");
            }
            await categories.StartAsync(ct);
            var listed = await ListedObjects.OfAsync(caller, access, FleetKinds.CostCategories.Kind, categories.Informer.Items, category => category.Metadata.Key, ct);
            return Results.Json(new { items = listed.Select(category => new { category.Metadata.Namespace, category.Metadata.Name, by = By(category) }) }, Json);
        }
        catch (KubeApiException e)
        {
            return CallerResults.Problem(e.IsTransient ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status502BadGateway, $"management API: {e.Message}");
        }
    }

    /// <summary>Short in the system namespace, where a name alone is looked for.</summary>
    private static string By(CostCategory category) =>
        CategoryShowback.Prefix + (category.Metadata.Namespace == SystemNamespaces.Default.Names[0] ? category.Metadata.Name : category.Metadata.Key.ToString());
}

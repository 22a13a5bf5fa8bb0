using Fleet.Rest.Problems;
using Fleet.Rest.Requests;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Rest.Lists;

/// <summary>Reads single objects as the caller.</summary>
public static class ObjectAnswers
{
    /// <summary>RBAC is asked first, so that 404 tells only those who may know.</summary>
    public static async Task<DynamicObject> FindAsync(ApiCall call, IKubernetesClient client, ResourceKind kind, ObjectKey key, string verb, CancellationToken ct)
    {
        await call.RequireAsync(new(verb, kind, key.Namespace, key.Name), ct);
        return await client.Dynamic(kind).GetAsync(key, ct) ?? throw new ProblemException(ProblemKind.NotFound, $"there is no {kind.Kind} {key}");
    }

    public static IResult Answer<TView>(HttpContext http, ApiKind<TView> kind, DynamicObject item, TView? view = default, string? more = null)
    {
        var etag = ETags.Strong((string?)item.Root["metadata"]?["resourceVersion"], more);
        http.Response.Headers.ETag = etag;
        return HttpMethods.IsGet(http.Request.Method) && ETags.IsKnown(http.Request, etag)
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : Results.Json(view ?? kind.View(item), kind.Json);
    }
}

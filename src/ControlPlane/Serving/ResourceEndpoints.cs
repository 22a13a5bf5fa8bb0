using Fleet.ControlPlane.Authentication;
using Fleet.ControlPlane.Hosting;
using Fleet.ControlPlane.Machinery;

namespace Fleet.ControlPlane.Serving;

/// <summary>From a request for a resource to the endpoint that answers it.</summary>
internal sealed class ResourceEndpoints(ControlPlaneOptions options, ReviewEndpoints reviews, ServiceAccountTokens tokens)
{
    private readonly WatchEndpoint watches = new(options.MaxWatches);
    private readonly SubresourceEndpoints subresources = new(options, tokens);
    private readonly MetricsEndpoint measured = new(options.Metrics);

    public Task HandleAsync(ApiRequest request)
    {
        var kind = request.Kind;
        var target = request.Target;
        if (kind.CreateOnly && kind.Plural != "bindings") return reviews.HandleAsync(request);
        if (kind.ReadOnly) return measured.HandleAsync(request);
        if (kind.Namespaced && target.Namespace is null && target.Name is not null) throw ApiErrors.PathNotFound();
        if (!kind.Namespaced && target.Namespace is not null) throw ApiErrors.PathNotFound();
        // Every answer may carry a revision that the client watches from next.
        request.Cluster.Store.Remember(request.Cluster.Table(kind));
        if (target.Subresource is { } subresource) return subresources.HandleAsync(request, subresource);
        return request.Verb switch
        {
            "get" => ReadEndpoints.GetAsync(request),
            "list" => ReadEndpoints.ListAsync(request),
            "watch" => watches.HandleAsync(request),
            "create" when kind.Plural == "bindings" => subresources.HandleAsync(request, "binding"),
            "create" => WriteEndpoints.CreateAsync(request),
            "update" => WriteEndpoints.UpdateAsync(request, null),
            "patch" => PatchEndpoint.HandleAsync(request, null),
            "delete" => WriteEndpoints.DeleteAsync(request),
            "deletecollection" => WriteEndpoints.DeleteCollectionAsync(request),
            _ => throw ApiErrors.MethodNotAllowed(),
        };
    }
}

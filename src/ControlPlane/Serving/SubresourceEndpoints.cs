using Fleet.ControlPlane.Authentication;
using Fleet.ControlPlane.Hosting;
using Fleet.ControlPlane.Machinery;

namespace Fleet.ControlPlane.Serving;

/// <summary>From a subresource to what answers it.</summary>
internal sealed class SubresourceEndpoints(ControlPlaneOptions options, ServiceAccountTokens tokens)
{
    public Task HandleAsync(ApiRequest request, string subresource)
    {
        var kind = request.Kind;
        if (!kind.Subresources.Contains(subresource) && subresource != "binding")
            throw kind.Custom is null ? ApiErrors.PathNotFound() : ApiErrors.NotFound(kind, request.Key.Name);
        return (subresource, request.Verb) switch
        {
            ("status" or "approval" or "finalize" or "ephemeralcontainers" or "resize", "get") => ReadEndpoints.GetAsync(request),
            ("status" or "approval" or "finalize" or "ephemeralcontainers" or "resize", "update") => WriteEndpoints.UpdateAsync(request, subresource),
            ("status" or "approval" or "finalize" or "ephemeralcontainers" or "resize", "patch") => PatchEndpoint.HandleAsync(request, subresource),
            ("scale", _) => ScaleEndpoint.HandleAsync(request),
            ("log", "get") => PodLogEndpoint.HandleAsync(request, options.PodLogs),
            ("token", "create") => TokenEndpoint.HandleAsync(request, tokens),
            ("eviction", "create") => PodActionEndpoints.EvictAsync(request),
            ("binding", "create") => PodActionEndpoints.BindAsync(request),
            ("proxy", "get") when kind.Plural == "nodes" => NodeProxyEndpoint.HandleAsync(request, options.Metrics),
            ("exec" or "attach" or "portforward" or "proxy", _) => throw new Kubernetes.Resources.KubeApiException(
                501, "NotImplemented", $"{kind.Plural}/{subresource} is not available: no containers run in this cluster"),
            _ => throw ApiErrors.MethodNotAllowed(),
        };
    }
}

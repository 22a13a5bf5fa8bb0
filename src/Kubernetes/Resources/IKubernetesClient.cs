using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Discovery;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Table;

namespace Fleet.Kubernetes.Resources;

/// <summary>One API server, reached with one identity. Safe for concurrent use; owns its connections.</summary>
public interface IKubernetesClient : IDisposable
{
    /// <summary>Base address, with the path prefix of the cluster where there is one.</summary>
    Uri Server { get; }

    IResourceClient<T> Resource<T>(ResourceType<T> type) where T : class, IKubernetesObject;

    IResourceClient<DynamicObject> Dynamic(ResourceKind kind);

    /// <summary>Reads of which the server sends the metadata only: for kinds whose objects are large or secret.</summary>
    IResourceReader<PartialObjectMetadata> Metadata(ResourceKind kind);

    /// <summary>What the server serves, cached.</summary>
    IDiscovery Discovery { get; }

    /// <summary>Asks discovery (cached) how a kind is reached; null when the server does not have it.</summary>
    Task<ResourceKind?> FindKindAsync(GroupVersionKind kind, CancellationToken ct);

    /// <summary>A list as the server renders it for people (<c>kubectl get</c>), with the columns of CRDs. Pages are joined.</summary>
    Task<ObjectTable> TableAsync(ResourceKind kind, ListOptions options, CancellationToken ct);

    /// <summary>GET of any path below <see cref="Server"/>; the caller disposes the response. Throws <see cref="KubeApiException"/> for a status that is not 2xx.</summary>
    Task<HttpResponseMessage> GetRawAsync(string pathAndQuery, CancellationToken ct);
}

using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Discovery;
using Fleet.Kubernetes.Http;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Table;

namespace Fleet.Kubernetes;

/// <summary>The client. Making one does no I/O; connections are opened by the first call and shared by all resources.</summary>
public sealed class KubernetesClient : IKubernetesClient
{
    private readonly KubeHttpPipeline pipeline;

    private KubernetesClient(ClusterEndpoint endpoint, KubernetesClientOptions options)
    {
        Server = endpoint.Server;
        Endpoint = endpoint;
        pipeline = new(endpoint, options);
        Discovery = new DiscoveryCache(pipeline);
    }

    public Uri Server { get; }

    public ClusterEndpoint Endpoint { get; }

    /// <summary>What the server serves, cached.</summary>
    public IDiscovery Discovery { get; }

    public static KubernetesClient Create(ClusterEndpoint endpoint, KubernetesClientOptions? options = null)
        => new(endpoint, options ?? KubernetesClientOptions.Default);

    public IResourceClient<T> Resource<T>(ResourceType<T> type) where T : class, IKubernetesObject
        => new ResourceClient<T>(pipeline, new TypedCodec<T>(type));

    public IResourceClient<DynamicObject> Dynamic(ResourceKind kind) => new ResourceClient<DynamicObject>(pipeline, new DynamicCodec(kind));

    public IResourceReader<PartialObjectMetadata> Metadata(ResourceKind kind) => new ResourceClient<PartialObjectMetadata>(pipeline, new MetadataCodec(kind));

    public async Task<ResourceKind?> FindKindAsync(GroupVersionKind kind, CancellationToken ct) => await Discovery.FindAsync(kind, ct);

    public Task<ObjectTable> TableAsync(ResourceKind kind, ListOptions options, CancellationToken ct) => new TableReader(pipeline).ListAsync(kind, options, ct);

    public Task<HttpResponseMessage> GetRawAsync(string pathAndQuery, CancellationToken ct)
        => pipeline.OpenAsync(ApiRequest.Get(pathAndQuery), ct);

    /// <summary>
    /// Gives up the connections: open watches break and are resumed over new ones. For callers that have found the path dead; a client without
    /// <see cref="KubernetesClientOptions.Ping"/> does not notice by itself.
    /// </summary>
    public void Reconnect() => pipeline.Reconnect();

    public void Dispose() => pipeline.Dispose();
}

using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Discovery;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Table;

namespace Fleet.Control.Tests.Scripted;

/// <summary>A client with one kind, which is asked for dynamically.</summary>
internal sealed class ScriptedClient(IResourceClient<DynamicObject> objects) : IKubernetesClient
{
    public Uri Server { get; } = new("https://scripted.example");

    public IDiscovery Discovery => throw new NotSupportedException();

    public IResourceClient<DynamicObject> Dynamic(ResourceKind kind) => objects;

    public IResourceReader<PartialObjectMetadata> Metadata(ResourceKind kind) => throw new NotSupportedException();

    public IResourceClient<T> Resource<T>(ResourceType<T> type)
        where T : class, IKubernetesObject => throw new NotSupportedException();

    public Task<ResourceKind?> FindKindAsync(GroupVersionKind kind, CancellationToken ct) => throw new NotSupportedException();

    public Task<ObjectTable> TableAsync(ResourceKind kind, ListOptions options, CancellationToken ct) => throw new NotSupportedException();

    public Task<HttpResponseMessage> GetRawAsync(string pathAndQuery, CancellationToken ct) => throw new NotSupportedException();

    public void Dispose()
    {
    }
}

using System.Text.Json.Nodes;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Discovery;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Table;

namespace Fleet.Integration.Tests.Backups;

/// <summary>Tells a test of every page that a client asks for, before it does; the server behind it is the real one.</summary>
internal sealed class PagingProbe(IKubernetesClient inner, Func<ResourceKind, string?, Task> asked) : IKubernetesClient
{
    public Uri Server => inner.Server;

    public IDiscovery Discovery => inner.Discovery;

    public IResourceClient<T> Resource<T>(ResourceType<T> type) where T : class, IKubernetesObject => inner.Resource(type);

    public IResourceClient<DynamicObject> Dynamic(ResourceKind kind) => new Pages(inner.Dynamic(kind), next => asked(kind, next));

    public IResourceReader<PartialObjectMetadata> Metadata(ResourceKind kind) => inner.Metadata(kind);

    public Task<ResourceKind?> FindKindAsync(GroupVersionKind kind, CancellationToken ct) => inner.FindKindAsync(kind, ct);

    public Task<ObjectTable> TableAsync(ResourceKind kind, ListOptions options, CancellationToken ct) => inner.TableAsync(kind, options, ct);

    public Task<HttpResponseMessage> GetRawAsync(string pathAndQuery, CancellationToken ct) => inner.GetRawAsync(pathAndQuery, ct);

    public void Dispose()
    {
        // The client is its owner's.
    }

    private sealed class Pages(IResourceClient<DynamicObject> inner, Func<string?, Task> asked) : IResourceClient<DynamicObject>
    {
        public async Task<ObjectPage<DynamicObject>> PageAsync(ListOptions options, string? next, CancellationToken ct)
        {
            await asked(next);
            return await inner.PageAsync(options, next, ct);
        }

        public Task<DynamicObject?> GetAsync(ObjectKey key, CancellationToken ct) => inner.GetAsync(key, ct);

        public Task<JsonObject?> GetSubresourceAsync(ObjectKey key, string subresource, CancellationToken ct) => inner.GetSubresourceAsync(key, subresource, ct);

        public Task<ObjectList<DynamicObject>> ListAsync(ListOptions options, CancellationToken ct) => inner.ListAsync(options, ct);

        public Task<ObjectList<TItem>> ListAsync<TItem>(ListOptions options, Func<DynamicObject, TItem> project, CancellationToken ct) => inner.ListAsync(options, project, ct);

        public IAsyncEnumerable<WatchEvent<DynamicObject>> WatchAsync(WatchOptions options, CancellationToken ct) => inner.WatchAsync(options, ct);

        public Task<DynamicObject> CreateAsync(DynamicObject body, CancellationToken ct) => inner.CreateAsync(body, ct);

        public Task<DynamicObject> CreateAsync(DynamicObject body, string fieldManager, CancellationToken ct) => inner.CreateAsync(body, fieldManager, ct);

        public Task<JsonObject> CreateSubresourceAsync(ObjectKey key, string subresource, JsonObject body, CancellationToken ct) => inner.CreateSubresourceAsync(key, subresource, body, ct);

        public Task<DynamicObject> UpdateAsync(DynamicObject body, CancellationToken ct) => inner.UpdateAsync(body, ct);

        public Task<DynamicObject> UpdateStatusAsync(DynamicObject body, CancellationToken ct) => inner.UpdateStatusAsync(body, ct);

        public Task<DynamicObject> PatchAsync(ObjectKey key, Patch patch, PatchOptions options, CancellationToken ct) => inner.PatchAsync(key, patch, options, ct);

        public Task<DynamicObject> ApplyAsync(JsonObject fields, ApplyOptions options, CancellationToken ct) => inner.ApplyAsync(fields, options, ct);

        public Task<bool> DeleteAsync(ObjectKey key, DeleteOptions options, CancellationToken ct) => inner.DeleteAsync(key, options, ct);
    }
}

using System.Text.Json.Nodes;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Discovery;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Table;

namespace Fleet.Integration.Tests.Backups.Moves;

/// <summary>A client whose owner is told of every call before it is made and after a write is done: he may do something meanwhile, or throw, as if the process had ended there.</summary>
/// <param name="inner">A real one.</param>
/// <param name="before">Before each call.</param>
/// <param name="afterWrite">After each write that the server has done.</param>
internal sealed class WatchedWrites(IKubernetesClient inner, Action? before = null, Func<string, ResourceKind, ObjectKey, Task>? afterWrite = null) : IKubernetesClient
{
    public Uri Server => inner.Server;

    public IDiscovery Discovery => inner.Discovery;

    public IResourceClient<T> Resource<T>(ResourceType<T> type)
        where T : class, IKubernetesObject => throw new NotSupportedException("moves write by kinds that are found at run time");

    public IResourceClient<DynamicObject> Dynamic(ResourceKind kind) => new Watched(this, inner.Dynamic(kind), kind);

    public IResourceReader<PartialObjectMetadata> Metadata(ResourceKind kind) => inner.Metadata(kind);

    public async Task<ResourceKind?> FindKindAsync(GroupVersionKind kind, CancellationToken ct) => await inner.FindKindAsync(kind, ct);

    public Task<ObjectTable> TableAsync(ResourceKind kind, ListOptions options, CancellationToken ct) => inner.TableAsync(kind, options, ct);

    public Task<HttpResponseMessage> GetRawAsync(string pathAndQuery, CancellationToken ct) => inner.GetRawAsync(pathAndQuery, ct);

    public void Dispose()
    {
        // The one inside is not its own.
    }

    private async Task<T> ReadAsync<T>(Func<Task<T>> call)
    {
        before?.Invoke();
        return await call();
    }

    private async Task<T> WriteAsync<T>(string verb, ResourceKind kind, ObjectKey key, Func<Task<T>> call)
    {
        before?.Invoke();
        var answer = await call();
        if (afterWrite is not null)
            await afterWrite(verb, kind, key);
        return answer;
    }

    private sealed class Watched(WatchedWrites owner, IResourceClient<DynamicObject> inner, ResourceKind kind) : IResourceClient<DynamicObject>
    {
        public Task<DynamicObject?> GetAsync(ObjectKey key, CancellationToken ct) => owner.ReadAsync(() => inner.GetAsync(key, ct));

        public Task<JsonObject?> GetSubresourceAsync(ObjectKey key, string subresource, CancellationToken ct) => owner.ReadAsync(() => inner.GetSubresourceAsync(key, subresource, ct));

        public Task<ObjectList<DynamicObject>> ListAsync(ListOptions options, CancellationToken ct) => owner.ReadAsync(() => inner.ListAsync(options, ct));

        public Task<ObjectPage<DynamicObject>> PageAsync(ListOptions options, string? next, CancellationToken ct) => owner.ReadAsync(() => inner.PageAsync(options, next, ct));

        public Task<ObjectList<TItem>> ListAsync<TItem>(ListOptions options, Func<DynamicObject, TItem> project, CancellationToken ct) => owner.ReadAsync(() => inner.ListAsync(options, project, ct));

        public IAsyncEnumerable<WatchEvent<DynamicObject>> WatchAsync(WatchOptions options, CancellationToken ct) => inner.WatchAsync(options, ct);

        public Task<DynamicObject> CreateAsync(DynamicObject body, CancellationToken ct) => owner.WriteAsync("create", kind, body.Key, () => inner.CreateAsync(body, ct));

        public Task<DynamicObject> CreateAsync(DynamicObject body, string fieldManager, CancellationToken ct) =>
            owner.WriteAsync("create", kind, body.Key, () => inner.CreateAsync(body, fieldManager, ct));

        public Task<JsonObject> CreateSubresourceAsync(ObjectKey key, string subresource, JsonObject body, CancellationToken ct) =>
            owner.WriteAsync("create", kind, key, () => inner.CreateSubresourceAsync(key, subresource, body, ct));

        public Task<DynamicObject> UpdateAsync(DynamicObject body, CancellationToken ct) => owner.WriteAsync("update", kind, body.Key, () => inner.UpdateAsync(body, ct));

        public Task<DynamicObject> UpdateStatusAsync(DynamicObject body, CancellationToken ct) => owner.WriteAsync("update", kind, body.Key, () => inner.UpdateStatusAsync(body, ct));

        public Task<DynamicObject> PatchAsync(ObjectKey key, Patch patch, PatchOptions options, CancellationToken ct) =>
            owner.WriteAsync("patch", kind, key, () => inner.PatchAsync(key, patch, options, ct));

        public Task<DynamicObject> ApplyAsync(JsonObject fields, ApplyOptions options, CancellationToken ct) =>
            owner.WriteAsync("apply", kind, new DynamicObject(fields).Key, () => inner.ApplyAsync(fields, options, ct));

        public Task<bool> DeleteAsync(ObjectKey key, DeleteOptions options, CancellationToken ct) => owner.WriteAsync("delete", kind, key, () => inner.DeleteAsync(key, options, ct));
    }
}

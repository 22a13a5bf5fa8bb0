using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Control.Tests.Scripted;

/// <summary>The objects of one kind as a test wants the server to answer; a call that the test has not foreseen fails it.</summary>
internal sealed class ScriptedResource<T> : IResourceClient<T>
    where T : class, IKubernetesObject
{
    private readonly Channel<WatchEvent<T>> events = Channel.CreateUnbounded<WatchEvent<T>>();

    public Func<ObjectKey, T?>? OnGet { get; init; }

    public Func<Patch, PatchOptions, T>? OnPatch { get; init; }

    public Func<T, T>? OnCreate { get; init; }

    public Func<T, T>? OnUpdate { get; init; }

    public IReadOnlyList<T> Listed { get; init; } = [];

    /// <summary>What the open watch reports next.</summary>
    public void Happens(WatchEventType type, T seen) => events.Writer.TryWrite(new(type, seen, seen.Metadata.ResourceVersion ?? ""));

    public Task<T?> GetAsync(ObjectKey key, CancellationToken ct) => Task.FromResult(OnGet!(key));

    public Task<T> PatchAsync(ObjectKey key, Patch patch, PatchOptions options, CancellationToken ct) => Task.FromResult(OnPatch!(patch, options));

    public Task<T> CreateAsync(T body, CancellationToken ct) => Task.FromResult(OnCreate!(body));

    public Task<T> CreateAsync(T body, string fieldManager, CancellationToken ct) => CreateAsync(body, ct);

    public Task<ObjectList<TItem>> ListAsync<TItem>(ListOptions options, Func<T, TItem> project, CancellationToken ct) =>
        Task.FromResult(new ObjectList<TItem>("1", [.. Listed.Select(project)]));

    public async IAsyncEnumerable<WatchEvent<T>> WatchAsync(WatchOptions options, [EnumeratorCancellation] CancellationToken ct)
    {
        options.Opened?.Invoke();
        await foreach (var seen in events.Reader.ReadAllAsync(ct))
            yield return seen;
    }

    public Task<ObjectList<T>> ListAsync(ListOptions options, CancellationToken ct) => ListAsync(options, o => o, ct);

    public Task<ObjectPage<T>> PageAsync(ListOptions options, string? next, CancellationToken ct) => throw new NotSupportedException();

    public Task<JsonObject?> GetSubresourceAsync(ObjectKey key, string subresource, CancellationToken ct) => throw new NotSupportedException();

    public Task<JsonObject> CreateSubresourceAsync(ObjectKey key, string subresource, JsonObject body, CancellationToken ct) => throw new NotSupportedException();

    public Task<T> UpdateAsync(T body, CancellationToken ct) => OnUpdate is { } update ? Task.FromResult(update(body)) : throw new NotSupportedException();

    public Task<T> UpdateStatusAsync(T body, CancellationToken ct) => throw new NotSupportedException();

    public Task<T> ApplyAsync(JsonObject fields, ApplyOptions options, CancellationToken ct) => throw new NotSupportedException();

    public Task<bool> DeleteAsync(ObjectKey key, DeleteOptions options, CancellationToken ct) => throw new NotSupportedException();
}

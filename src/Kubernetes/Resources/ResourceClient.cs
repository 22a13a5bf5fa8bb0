using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Kubernetes.Http;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Watching;

namespace Fleet.Kubernetes.Resources;

internal sealed class ResourceClient<T>(KubeHttpPipeline pipeline, ObjectCodec<T> codec) : IResourceClient<T>
    where T : class, IKubernetesObject
{
    /// <summary>etcd refuses objects above some 1.5 MiB; aggregated APIs may send more.</summary>
    private const int LargestObject = 64 * 1024 * 1024;

    private ResourceKind Kind => codec.Kind;

    public async Task<T?> GetAsync(ObjectKey key, CancellationToken ct)
    {
        try
        {
            return await SendAsync(ApiRequest.Get(ResourcePath.Object(Kind, key)) with { Accept = codec.Accept }, ct);
        }
        catch (KubeApiException e) when (e.IsNotFound)
        {
            return null;
        }
    }

    public async Task<JsonObject?> GetSubresourceAsync(ObjectKey key, string subresource, CancellationToken ct)
    {
        try
        {
            return await pipeline.SendAsync(
                ApiRequest.Get(ResourcePath.Object(Kind, key, subresource)),
                async (response, token) =>
                {
                    using var body = await ReadBodyAsync(response, token);
                    return JsonNode.Parse(body.Span) as JsonObject ?? throw new JsonException("the subresource is not an object");
                },
                ct);
        }
        catch (KubeApiException e) when (e.IsNotFound)
        {
            return null;
        }
    }

    public Task<ObjectList<T>> ListAsync(ListOptions options, CancellationToken ct) => ListAsync(options, static item => item, ct);

    public Task<ObjectPage<T>> PageAsync(ListOptions options, string? next, CancellationToken ct)
        => new ListPager<T, T>(pipeline, codec, static item => item).OnePageAsync(options, next, ct);

    public Task<ObjectList<TItem>> ListAsync<TItem>(ListOptions options, Func<T, TItem> project, CancellationToken ct)
        => new ListPager<T, TItem>(pipeline, codec, project).ListAsync(options, ct);

    public async IAsyncEnumerable<WatchEvent<T>> WatchAsync(WatchOptions options, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var watch = await WatchStream<T>.OpenAsync(pipeline, codec, options, ct);
        options.Opened?.Invoke();
        while (await watch.ReadAsync(ct) is { } seen)
            yield return seen;
    }

    public Task<T> CreateAsync(T body, CancellationToken ct)
        => WriteAsync(HttpMethod.Post, ResourcePath.Collection(Kind, body.Metadata.Namespace ?? ""), body, ct);

    public Task<T> CreateAsync(T body, string fieldManager, CancellationToken ct)
        => WriteAsync(HttpMethod.Post, ResourcePath.Collection(Kind, body.Metadata.Namespace ?? "") + ResourcePath.Query(("fieldManager", fieldManager)), body, ct);

    public Task<JsonObject> CreateSubresourceAsync(ObjectKey key, string subresource, JsonObject body, CancellationToken ct)
        => pipeline.SendAsync(
            new(HttpMethod.Post, ResourcePath.Object(Kind, key, subresource)) { Body = JsonSerializer.SerializeToUtf8Bytes(body, KubernetesJson.Default.JsonObject) },
            async (response, token) =>
            {
                using var answer = await ReadBodyAsync(response, token);
                return JsonNode.Parse(answer.Span) as JsonObject ?? throw new JsonException("the subresource is not an object");
            },
            ct);

    public Task<T> UpdateAsync(T body, CancellationToken ct)
        => WriteAsync(HttpMethod.Put, ResourcePath.Object(Kind, body.Metadata.Key), body, ct);

    public Task<T> UpdateStatusAsync(T body, CancellationToken ct)
        => WriteAsync(HttpMethod.Put, ResourcePath.Object(Kind, body.Metadata.Key, "status"), body, ct);

    public Task<T> PatchAsync(ObjectKey key, Patch patch, PatchOptions options, CancellationToken ct)
    {
        var query = ResourcePath.Query(("fieldManager", options.FieldManager), ("dryRun", options.DryRun ? "All" : null));
        return SendAsync(
            new(HttpMethod.Patch, ResourcePath.Object(Kind, key, options.Subresource) + query)
            {
                Body = JsonSerializer.SerializeToUtf8Bytes(patch.Body, KubernetesJson.Default.JsonNode),
                ContentType = patch.Kind switch
                {
                    PatchKind.Merge => "application/merge-patch+json",
                    PatchKind.Json => "application/json-patch+json",
                    PatchKind.StrategicMerge => "application/strategic-merge-patch+json",
                    _ => throw new ArgumentOutOfRangeException(nameof(patch), patch.Kind, "unknown kind of patch"),
                },
            },
            ct);
    }

    public Task<T> ApplyAsync(JsonObject fields, ApplyOptions options, CancellationToken ct)
    {
        if (fields["kind"] is null || fields["apiVersion"] is null)
            DynamicCodec.FillType(fields = fields.DeepClone().AsObject(), Kind);
        var key = new ObjectKey((string?)fields["metadata"]?["namespace"] ?? "", (string?)fields["metadata"]?["name"] ?? "");
        var query = ResourcePath.Query(
            ("fieldManager", options.FieldManager), ("force", options.Force ? "true" : null), ("dryRun", options.DryRun ? "All" : null));
        return SendAsync(
            new(HttpMethod.Patch, ResourcePath.Object(Kind, key, options.Subresource) + query)
            {
                // JSON is YAML; servers before 1.30 know only this name of the format.
                ContentType = "application/apply-patch+yaml",
                Body = JsonSerializer.SerializeToUtf8Bytes(fields, KubernetesJson.Default.JsonObject),
            },
            ct);
    }

    public async Task<bool> DeleteAsync(ObjectKey key, DeleteOptions options, CancellationToken ct)
    {
        var body = new JsonObject
        {
            ["kind"] = "DeleteOptions",
            ["apiVersion"] = "v1",
            ["propagationPolicy"] = options.Propagation.ToString(),
        };
        if (options.GracePeriodSeconds is { } seconds)
            body["gracePeriodSeconds"] = seconds;
        if (options.DryRun)
            body["dryRun"] = new JsonArray("All");
        if (options.Uid is not null || options.ResourceVersion is not null)
        {
            var preconditions = new JsonObject();
            if (options.Uid is not null)
                preconditions["uid"] = options.Uid;
            if (options.ResourceVersion is not null)
                preconditions["resourceVersion"] = options.ResourceVersion;
            body["preconditions"] = preconditions;
        }

        try
        {
            // The answer is the object or a Status; neither says more than that it worked.
            return await pipeline.SendAsync(
                new(HttpMethod.Delete, ResourcePath.Object(Kind, key)) { Body = JsonSerializer.SerializeToUtf8Bytes(body, KubernetesJson.Default.JsonObject) },
                static async (response, token) =>
                {
                    await response.Content.CopyToAsync(Stream.Null, token);
                    return true;
                },
                ct);
        }
        catch (KubeApiException e) when (e.IsNotFound)
        {
            return false;
        }
    }

    private Task<T> WriteAsync(HttpMethod method, string path, T body, CancellationToken ct)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer))
            codec.Write(writer, body);
        return SendAsync(new(method, path) { Body = buffer.WrittenMemory }, ct);
    }

    private Task<T> SendAsync(ApiRequest request, CancellationToken ct)
        => pipeline.SendAsync(
            request,
            async (response, token) =>
            {
                using var body = await ReadBodyAsync(response, token);
                return codec.Read(body.Span);
            },
            ct);

    private static async Task<PooledBytes> ReadBodyAsync(HttpResponseMessage response, CancellationToken ct)
        => await PooledBytes.ReadAsync(response.Content, LargestObject, ct) ?? throw new JsonException($"the answer is larger than {LargestObject} bytes");
}

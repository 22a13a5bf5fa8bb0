using System.Text.Json;
using Fleet.Kubernetes.Http;
using Fleet.Kubernetes.Objects;

namespace Fleet.Kubernetes.Resources;

/// <summary>Reads a list page by page into one consistent whole.</summary>
internal sealed class ListPager<T, TItem>(KubeHttpPipeline pipeline, ObjectCodec<T> codec, Func<T, TItem> project)
    where T : class, IKubernetesObject
{
    /// <summary>Half of what an array can hold; a list that is larger must be paged.</summary>
    private const int LargestPage = 1024 * 1024 * 1024;

    internal async Task<ObjectPage<TItem>> OnePageAsync(ListOptions options, string? next, CancellationToken ct)
    {
        var items = new List<TItem>();
        var (resourceVersion, following) = await PageAsync(options, options.PageSize, next, items, ct);
        return new(resourceVersion, items, following);
    }

    internal async Task<ObjectList<TItem>> ListAsync(ListOptions options, CancellationToken ct)
    {
        var items = new List<TItem>();
        string? next = null;
        var pageSize = options.PageSize;
        var restarted = false;
        while (true)
        {
            string resourceVersion;
            try
            {
                (resourceVersion, next) = await PageAsync(options, pageSize, next, items, ct);
            }
            catch (KubeApiException e) when (e.IsGone && next is not null)
            {
                // The snapshot behind the token was compacted. What was read so far belongs to a past that cannot be completed.
                // When that happens twice the list is too slow for its pages, so it is asked for as a whole.
                items.Clear();
                next = null;
                pageSize = restarted ? 0 : pageSize;
                restarted = true;
                continue;
            }

            if (next is null)
                return new(resourceVersion, items);
        }
    }

    private Task<(string ResourceVersion, string? Continue)> PageAsync(ListOptions options, int pageSize, string? next, List<TItem> items, CancellationToken ct)
    {
        var before = items.Count;
        return pipeline.SendAsync(
            ApiRequest.Get(ResourcePath.List(codec.Kind, options, pageSize, next)) with { Accept = codec.AcceptList },
            async (response, token) =>
            {
                // A second try of this page must not find half of the first one.
                items.RemoveRange(before, items.Count - before);
                using var body = await PooledBytes.ReadAsync(response.Content, LargestPage, token)
                    ?? throw new JsonException($"a page is larger than {LargestPage} bytes");
                return ListPage.Read(body.Span, codec, project, items);
            },
            ct);
    }
}

using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;

namespace Fleet.Kubernetes.Resources;

/// <summary>Reads and writes objects of one kind. Every failure of the server is a <see cref="KubeApiException"/>.</summary>
public interface IResourceClient<T> : IResourceReader<T>, IResourceWriter<T>
    where T : class, IKubernetesObject;

public interface IResourceReader<T> where T : class, IKubernetesObject
{
    /// <summary>Null when there is no such object (404); any other failure throws.</summary>
    Task<T?> GetAsync(ObjectKey key, CancellationToken ct);

    /// <summary>GET of a subresource (<c>scale</c>, <c>status</c>, …) as JSON; null when the object or the subresource does not exist.</summary>
    Task<JsonObject?> GetSubresourceAsync(ObjectKey key, string subresource, CancellationToken ct);

    /// <summary>All pages in one list. A failure on any page throws: a partial list is never returned.</summary>
    Task<ObjectList<T>> ListAsync(ListOptions options, CancellationToken ct);

    /// <summary>
    /// One page of <see cref="ListOptions.PageSize"/> objects, for callers that hand paging on. <paramref name="next"/> is the token of the page before; null begins
    /// a new snapshot. Throws <see cref="KubeApiException"/> with <see cref="KubeApiException.IsGone"/> when the snapshot behind a token is gone.
    /// </summary>
    Task<ObjectPage<T>> PageAsync(ListOptions options, string? next, CancellationToken ct);

    /// <summary>
    /// As the other, but keeps only what <paramref name="project"/> makes of each object, so that a large list costs the memory of its projections.
    /// The function may be called more than once for an object when a page is read again.
    /// </summary>
    Task<ObjectList<TItem>> ListAsync<TItem>(ListOptions options, Func<T, TItem> project, CancellationToken ct);

    /// <summary>
    /// Watches from <see cref="WatchOptions.ResourceVersion"/> until the server ends the stream. Bookmarks are reported.
    /// Throws <see cref="KubeApiException"/> with <see cref="KubeApiException.IsGone"/> when the version is too old (410, also inside the stream).
    /// For a watch that heals itself use an informer.
    /// </summary>
    IAsyncEnumerable<WatchEvent<T>> WatchAsync(WatchOptions options, CancellationToken ct);
}

public interface IResourceWriter<T> where T : class, IKubernetesObject
{
    Task<T> CreateAsync(T body, CancellationToken ct);

    /// <summary>As the other, with the name under which the server notes who owns the fields.</summary>
    Task<T> CreateAsync(T body, string fieldManager, CancellationToken ct);

    /// <summary>POST to a subresource that answers with an object of its own, for instance <c>token</c> of a ServiceAccount.</summary>
    Task<JsonObject> CreateSubresourceAsync(ObjectKey key, string subresource, JsonObject body, CancellationToken ct);

    /// <summary>PUT; a set resourceVersion makes it fail with a conflict when the object has changed.</summary>
    Task<T> UpdateAsync(T body, CancellationToken ct);

    Task<T> UpdateStatusAsync(T body, CancellationToken ct);

    Task<T> PatchAsync(ObjectKey key, Patch patch, PatchOptions options, CancellationToken ct);

    /// <summary>Server-side apply of exactly the given fields.</summary>
    Task<T> ApplyAsync(JsonObject fields, ApplyOptions options, CancellationToken ct);

    /// <summary>False when the object was already gone. Preconditions (uid, resourceVersion) that fail throw a conflict.</summary>
    Task<bool> DeleteAsync(ObjectKey key, DeleteOptions options, CancellationToken ct);
}

/// <summary>Selectors are in Kubernetes' string form. <see cref="PageSize"/> 0 asks for everything at once.</summary>
public sealed record ListOptions
{
    public static ListOptions All { get; } = new();

    /// <summary>Null means every namespace.</summary>
    public string? Namespace { get; init; }
    public string? LabelSelector { get; init; }
    public string? FieldSelector { get; init; }
    public int PageSize { get; init; } = 500;

    /// <summary>The list as it was at this version, which may be that of another kind's list; 410 when the server no longer knows. Null: as it is.</summary>
    public string? ExactVersion { get; init; }
}

public sealed record WatchOptions
{
    public string? Namespace { get; init; }
    public string? LabelSelector { get; init; }
    public string? FieldSelector { get; init; }
    public string? ResourceVersion { get; init; }

    /// <summary>After this the server ends the stream and the caller resumes.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Called when the server has accepted the watch, which may be long before the first event.</summary>
    public Action? Opened { get; init; }
}

public enum PatchKind { Merge, Json, StrategicMerge }

public sealed record Patch(PatchKind Kind, JsonNode Body)
{
    public static Patch Merge(JsonObject body) => new(PatchKind.Merge, body);

    /// <summary>RFC 6902.</summary>
    public static Patch Json(JsonArray operations) => new(PatchKind.Json, operations);

    /// <summary>Only for kinds that are built into Kubernetes; custom resources answer 415.</summary>
    public static Patch Strategic(JsonObject body) => new(PatchKind.StrategicMerge, body);
}

public sealed record PatchOptions
{
    public static PatchOptions Default { get; } = new();

    /// <summary>For instance <c>status</c>.</summary>
    public string? Subresource { get; init; }
    public string? FieldManager { get; init; }
    public bool DryRun { get; init; }
}

public sealed record ApplyOptions(string FieldManager)
{
    public bool Force { get; init; }
    public bool DryRun { get; init; }
    public string? Subresource { get; init; }
}

public enum DeletionPropagation { Background, Foreground, Orphan }

public sealed record DeleteOptions
{
    public static DeleteOptions Background { get; } = new();

    public DeletionPropagation Propagation { get; init; } = DeletionPropagation.Background;
    public string? Uid { get; init; }
    public string? ResourceVersion { get; init; }
    public long? GracePeriodSeconds { get; init; }
    public bool DryRun { get; init; }
}

public sealed record ObjectList<T>(string ResourceVersion, IReadOnlyList<T> Items);

/// <summary><see cref="Next"/> is null on the last page.</summary>
public sealed record ObjectPage<T>(string ResourceVersion, IReadOnlyList<T> Items, string? Next);

public enum WatchEventType { Added, Modified, Deleted, Bookmark }

/// <summary>For a bookmark <see cref="Object"/> carries nothing but metadata.resourceVersion.</summary>
public sealed record WatchEvent<T>(WatchEventType Type, T Object, string ResourceVersion);

using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Fleet.Rest.Requests;
using Fleet.Contracts.Api;
using Fleet.Kubernetes.Objects;

namespace Fleet.Rest.Lists;

/// <summary>A kind that the REST API shows: where, as what, and how lists of it are filtered.</summary>
/// <param name="Segment">In paths and in <c>?kinds=</c>.</param>
public abstract record ApiKind(string Segment, ResourceKind Resource)
{
    /// <summary>The view of an object as JSON, for streams.</summary>
    public abstract byte[] Bytes(DynamicObject item);
}

/// <inheritdoc cref="ApiKind"/>
public sealed record ApiKind<TView>(string Segment, ResourceKind Resource, Func<DynamicObject, TView> View, JsonTypeInfo<TView> Json, JsonTypeInfo<Page<TView>> PageJson)
    : ApiKind(Segment, Resource)
{
    public const int MostItems = 500;

    public const int UsualItems = 100;

    private static readonly QueryParameter Namespace = new("namespace", QueryType.Text, "Only this namespace.") { Longest = 63 };

    private static readonly QueryParameter[] Paging =
    [
        new("limit", QueryType.Integer, $"How many items a page may hold; {UsualItems} when absent.") { Most = MostItems },
        new("continue", QueryType.Text, "From the page before.") { Longest = 8192 },
        new("labelSelector", QueryType.Text, "As kubectl's -l: env=prod,tier!=test."),
    ];

    public IReadOnlyList<ListFilter<TView>> Filters { get; init; } = [];

    public QueryParameters Parameters => new([.. Resource.Namespaced ? [Namespace] : Array.Empty<QueryParameter>(), .. Paging, .. Filters.Select(filter => filter.Parameter)]);

    public override byte[] Bytes(DynamicObject item) => JsonSerializer.SerializeToUtf8Bytes(View(item), Json);
}

using System.Text.Json.Serialization.Metadata;
using Fleet.Rest.Requests;
using Fleet.Contracts.Api;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Rest.Lists;

/// <summary>Pages of what belongs to one cluster: nodes, machines, events. The right to see it has been asked before.</summary>
public static class PartListing
{
    public static QueryParameters Parameters { get; } = new(
    [
        new("limit", QueryType.Integer, "How many items a page may hold; 100 when absent.") { Most = 500 },
        new("continue", QueryType.Text, "From the page before.") { Longest = 8192 },
    ]);

    public static async Task<IResult> AnswerAsync<TView>(
        QueryReader query, string what, IKubernetesClient client, ResourceKind kind, ListOptions options, Func<DynamicObject, TView> view, JsonTypeInfo<Page<TView>> json,
        CancellationToken ct)
    {
        var next = query.Text("continue") is { } token ? ContinueToken.Read(token, what) : null;
        var page = await client.Dynamic(kind).PageAsync(options with { PageSize = query.Integer("limit") ?? 100 }, next, ct);
        return Results.Json(
            new Page<TView>
            {
                Items = [.. page.Items.Select(view)],
                Continue = page.Next is null ? null : ContinueToken.Write(page.Next, what),
                ResourceVersion = page.ResourceVersion,
            },
            json);
    }
}

using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Fleet.Kubernetes.Http;
using Fleet.Kubernetes.Resources;

namespace Fleet.Kubernetes.Discovery;

/// <summary>Asks a server for everything it serves: two calls where it offers aggregated discovery, else one per group and version.</summary>
internal sealed class DiscoveryReader(KubeHttpPipeline pipeline)
{
    private const string AcceptAggregated =
        "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";

    private const int LargestDocument = 64 * 1024 * 1024;

    internal async Task<IReadOnlyList<ApiResource>> ReadAsync(CancellationToken ct)
    {
        var all = new List<ApiResource>();
        await ReadRootAsync("api", all, ct);
        await ReadRootAsync("apis", all, ct);
        return all;
    }

    private async Task ReadRootAsync(string root, List<ApiResource> all, CancellationToken ct)
    {
        List<(string Group, string Version, bool Preferred)> groups = [];
        await pipeline.SendAsync(
            ApiRequest.Get(root) with { Accept = AcceptAggregated },
            async (response, token) =>
            {
                using var body = await PooledBytes.ReadAsync(response.Content, LargestDocument, token) ?? throw new JsonException("discovery is too large");
                groups.Clear();
                if (Parse(body.Span, DiscoveryJson.Default.AggregatedDiscovery) is { Kind: "APIGroupDiscoveryList" } aggregated)
                {
                    AddAggregated(aggregated, all);
                    return true;
                }

                if (root == "api")
                    groups.AddRange((Parse(body.Span, DiscoveryJson.Default.ApiVersions).Versions ?? []).Select((v, i) => ("", v, i == 0)));
                else
                    groups.AddRange(GroupsOf(Parse(body.Span, DiscoveryJson.Default.ApiGroupList)));
                return true;
            },
            ct);
        if (groups.Count == 0)
            return;

        // The pipeline bounds how many of these run at once.
        var lists = await Task.WhenAll(groups.Select(g => ReadVersionAsync(g.Group, g.Version, g.Preferred, ct)));
        all.AddRange(lists.SelectMany(x => x));
    }

    private static IEnumerable<(string, string, bool)> GroupsOf(ApiGroupList list)
        => from g in list.Groups ?? []
           from v in g.Versions ?? []
           let preferred = v.Version == g.PreferredVersion?.Version
           orderby preferred ? 0 : 1
           select (g.Name ?? "", v.Version ?? "", preferred) into row
           group row by row.Item1 into byGroup
           from row in byGroup
           select row;

    private async Task<IReadOnlyList<ApiResource>> ReadVersionAsync(string group, string version, bool preferred, CancellationToken ct)
    {
        var path = group.Length == 0 ? $"api/{version}" : $"apis/{group}/{version}";
        try
        {
            return await pipeline.SendAsync(
                ApiRequest.Get(path),
                async (response, token) =>
                {
                    using var body = await PooledBytes.ReadAsync(response.Content, LargestDocument, token) ?? throw new JsonException("discovery is too large");
                    return Rows(Parse(body.Span, DiscoveryJson.Default.ApiResourceList), group, version, preferred);
                },
                ct);
        }
        catch (KubeApiException e) when (group.Length > 0 && e.Code is 404 or 503)
        {
            // An aggregated API whose backend is away, or a CRD that has just gone, must not hide every other kind.
            return [];
        }
    }

    private static List<ApiResource> Rows(ApiResourceList list, string group, string version, bool preferred)
    {
        var entries = list.Resources ?? [];
        var subresources = entries.Where(e => e.Name?.Contains('/', StringComparison.Ordinal) == true)
            .Select(e => e.Name!.Split('/', 2)).ToLookup(x => x[0], x => x[1], StringComparer.Ordinal);
        return
        [
            .. from e in entries
               where e is { Name: not null, Kind: not null } && !e.Name.Contains('/', StringComparison.Ordinal)
               select new ApiResource(new(@group, version, e.Kind!, e.Name!, e.Namespaced))
               {
                   Singular = string.IsNullOrEmpty(e.SingularName) ? e.Kind!.ToLowerInvariant() : e.SingularName,
                   ShortNames = e.ShortNames ?? [],
                   Categories = e.Categories ?? [],
                   Verbs = e.Verbs ?? [],
                   Subresources = [.. subresources[e.Name!]],
                   IsPreferred = preferred,
               },
        ];
    }

    private static void AddAggregated(AggregatedDiscovery document, List<ApiResource> all)
    {
        all.AddRange(
            from g in document.Items ?? []
            let first = g.Versions?.FirstOrDefault()?.Version
            from v in g.Versions ?? []
            from r in v.Resources ?? []
            where (r is { Resource: not null, ResponseKind.Kind: not null })
            select new ApiResource(new(g.Metadata?.Name ?? "", v.Version ?? "", r.ResponseKind!.Kind!, r.Resource!, r.Scope == "Namespaced"))
            {
                Singular = string.IsNullOrEmpty(r.SingularResource) ? r.ResponseKind.Kind!.ToLowerInvariant() : r.SingularResource,
                ShortNames = r.ShortNames ?? [],
                Categories = r.Categories ?? [],
                Verbs = r.Verbs ?? [],
                Subresources = [.. (r.Subresources ?? []).Select(s => s.Subresource ?? "")],
                IsPreferred = v.Version == first,
            });
    }

    private static T Parse<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type) where T : class
        => JsonSerializer.Deserialize(json, type) ?? throw new JsonException("discovery is empty");
}

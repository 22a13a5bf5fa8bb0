using Fleet.Contracts.Api;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Rest;
using Fleet.Rest.Lists;
using Fleet.Rest.Requests;

namespace Fleet.ClusterManager.Api;

/// <summary>Lists and single objects of the kinds that are shown as they are.</summary>
internal static class ListEndpoints
{
    public static void MapLists(this IEndpointRouteBuilder api)
    {
        api.MapKind(AdminKinds.Clusters, "Cluster", "clusters");
        api.MapKind(AdminKinds.ClusterTemplates, "ClusterTemplate", "templates");
        api.MapKind(AdminKinds.ServiceTemplates, "ServiceTemplate", "templates");
        api.MapKind(AdminKinds.ProviderTemplates, "ProviderTemplate", "templates");
    }

    private static void MapKind<TView>(this IEndpointRouteBuilder api, ApiKind<TView> kind, string noun, string tag)
    {
        api.MapGet($"/{kind.Segment}", (HttpContext http, KindListing listing, CancellationToken ct) => listing.AnswerAsync(http, kind, ct))
            .Describe<Page<TView>>($"list{noun}s", $"List {noun}s", kind.Parameters, 410).Cached().WithTags(tag);
        if (kind.Resource.Namespaced)
            api.MapGet($"/{kind.Segment}/{{namespace}}/{{name}}", (string @namespace, string name, HttpContext http, IKubernetesClient client, CancellationToken ct) =>
                    GetAsync(http, client, kind, PathNames.Key(@namespace, name), ct))
                .Describe<TView>($"get{noun}", $"One {noun}", null, 404).Cached().WithTags(tag);
        else
            api.MapGet($"/{kind.Segment}/{{name}}", (string name, HttpContext http, IKubernetesClient client, CancellationToken ct) =>
                    GetAsync(http, client, kind, ObjectKey.Cluster(PathNames.Key("any", name).Name), ct))
                .Describe<TView>($"get{noun}", $"One {noun}", null, 404).Cached().WithTags(tag);
    }

    private static async Task<IResult> GetAsync<TView>(HttpContext http, IKubernetesClient client, ApiKind<TView> kind, ObjectKey key, CancellationToken ct)
    {
        QueryReader.Read(http);
        var item = await ObjectAnswers.FindAsync(ApiCall.Of(http), client, kind.Resource, key, "get", ct);
        return ObjectAnswers.Answer(http, kind, item);
    }
}

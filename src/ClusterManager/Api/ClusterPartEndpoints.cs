using Fleet.ClusterManager.Capi;
using Fleet.ClusterManager.Regions;
using Fleet.Contracts.Api;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Rest;
using Fleet.Rest.Lists;
using Fleet.Rest.Problems;
using Fleet.Rest.Requests;

namespace Fleet.ClusterManager.Api;

/// <summary>Nodes, machines and events of a cluster.</summary>
internal static class ClusterPartEndpoints
{
    private static readonly ResourceKind Nodes = new("", "v1", "Node", "nodes", Namespaced: false);

    private static readonly ResourceKind Events = new("", "v1", "Event", "events", Namespaced: true);

    private static readonly string[] MachineVersions = ["v1beta2", "v1beta1"];

    public static void MapClusterParts(this IEndpointRouteBuilder api)
    {
        api.MapGet("/clusters/{namespace}/{name}/nodes", (string @namespace, string name, HttpContext http, IKubernetesClient client, ManagedClusters managed, CancellationToken ct) =>
                NodesAsync(http, client, managed, PathNames.Key(@namespace, name), ct))
            .Describe<Page<NodeView>>("listClusterNodes", "Nodes, as the cluster itself tells; needs get on clusterdeployments/nodes", PartListing.Parameters, 404, 409, 410)
            .WithTags("clusters");
        api.MapGet("/clusters/{namespace}/{name}/machines", (string @namespace, string name, HttpContext http, IKubernetesClient client, CancellationToken ct) =>
                MachinesAsync(http, client, PathNames.Key(@namespace, name), ct))
            .Describe<Page<MachineView>>("listClusterMachines", "Cluster API Machines; needs list on machines.cluster.x-k8s.io", PartListing.Parameters, 404, 410)
            .WithTags("clusters");
        api.MapGet("/clusters/{namespace}/{name}/events", (string @namespace, string name, HttpContext http, IKubernetesClient client, CancellationToken ct) =>
                EventsAsync(http, client, PathNames.Key(@namespace, name), ct))
            .Describe<Page<EventView>>("listClusterEvents", "Events of the last hour; needs list on events", PartListing.Parameters, 404, 410)
            .WithTags("clusters");
    }

    private static async Task<IResult> NodesAsync(HttpContext http, IKubernetesClient client, ManagedClusters managed, ObjectKey key, CancellationToken ct)
    {
        var (query, call) = (QueryReader.Read(http), ApiCall.Of(http));
        await ObjectAnswers.FindAsync(call, client, AdminKinds.Clusters.Resource, key, "get", ct);
        await call.RequireAsync(new("get", AdminKinds.Clusters.Resource, key.Namespace, key.Name, "nodes"), ct);
        return await managed.CallAsync(
            key,
            (inside, _, limit) => PartListing.AnswerAsync(query, $"nodes of {key}", inside, Nodes, new(), PartViews.Node, ApiJson.Default.PageNodeView, limit),
            ct);
    }

    private static async Task<IResult> MachinesAsync(HttpContext http, IKubernetesClient client, ObjectKey key, CancellationToken ct)
    {
        var (query, call) = (QueryReader.Read(http), ApiCall.Of(http));
        await ObjectAnswers.FindAsync(call, client, AdminKinds.Clusters.Resource, key, "get", ct);
        // RBAC of the management cluster decides, wherever the machines are.
        await call.RequireAsync(new("list", new(CapiReader.Group, MachineVersions[0], "Machine", "machines", Namespaced: true), key.Namespace), ct);
        if (await client.Resource(FleetKinds.ClusterDeployments).GetAsync(key, ct) is not { } cluster)
            throw new ProblemException(ProblemKind.NotFound, $"there is no cluster {key}");
        using var place = await http.RequestServices.GetRequiredService<ClusterPlaces>().VisitAsync(cluster, ct);
        try
        {
            return await MachinesAsync(query, place, key, ct);
        }
        catch (KubeApiException e) when (place.Region is not null && !e.IsGone && e.Code != 400)
        {
            throw new ProblemException(ProblemKind.ManagedCluster, $"region {place.Region.Name}: {e.Message}");
        }
    }

    private static async Task<IResult> MachinesAsync(QueryReader query, ClusterPlace place, ObjectKey key, CancellationToken ct)
    {
        var client = place.Host?.Client ?? throw new ProblemException(ProblemKind.ManagedCluster, place.Region!.Text);
        var kind = await MachinesAsync(client, ct);
        // Without Cluster API there are no machines: an adopted cluster has none either.
        return kind is null
            ? Results.Json(new Page<MachineView> { Items = [] }, ApiJson.Default.PageMachineView)
            : await PartListing.AnswerAsync(
                query, $"machines of {key}", client, kind, new() { Namespace = key.Namespace, LabelSelector = $"cluster.x-k8s.io/cluster-name={key.Name}" },
                PartViews.Machine, ApiJson.Default.PageMachineView, ct);
    }

    private static async Task<IResult> EventsAsync(HttpContext http, IKubernetesClient client, ObjectKey key, CancellationToken ct)
    {
        var (query, call) = (QueryReader.Read(http), ApiCall.Of(http));
        await ObjectAnswers.FindAsync(call, client, AdminKinds.Clusters.Resource, key, "get", ct);
        await call.RequireAsync(new("list", Events, key.Namespace), ct);
        var about = $"involvedObject.kind={AdminKinds.Clusters.Resource.Kind},involvedObject.name={key.Name}";
        return await PartListing.AnswerAsync(
            query, $"events of {key}", client, Events, new() { Namespace = key.Namespace, FieldSelector = about }, PartViews.Event, ApiJson.Default.PageEventView, ct);
    }

    private static async Task<ResourceKind?> MachinesAsync(IKubernetesClient client, CancellationToken ct)
    {
        foreach (var version in MachineVersions)
            if (await client.FindKindAsync(new(CapiReader.Group, version, "Machine"), ct) is { } kind)
                return kind;
        return null;
    }
}

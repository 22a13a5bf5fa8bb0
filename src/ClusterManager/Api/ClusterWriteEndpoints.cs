using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.ClusterManager.Deletion;
using Fleet.Contracts;
using Fleet.Contracts.Api;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Rest;
using Fleet.Rest.Lists;
using Fleet.Rest.Problems;
using Fleet.Rest.Requests;

namespace Fleet.ClusterManager.Api;

/// <summary>Changes of clusters. Each does what kubectl would do to the ClusterDeployment, so that nothing can be done here that cannot be seen there.</summary>
internal static class ClusterWriteEndpoints
{
    private const string Path = "/clusters/{namespace}/{name}";

    private static readonly QueryParameter DryRun = new("dryRun", QueryType.Boolean, "Check everything, change nothing.");

    private static readonly QueryParameter Policy = new("policy", QueryType.Text, "Delete everything; Orphan: forget the cluster and leave all of it as it is; Force: leave behind what does not go.")
    {
        Among = [.. Enum.GetNames<DeletionPolicy>()],
    };

    private static readonly QueryParameter Confirm = new("confirm", QueryType.Text, "With Orphan and Force: namespace/name of the cluster once more.") { Longest = 320 };

    private static ApiKind<ClusterView> Kind => AdminKinds.Clusters;

    public static void MapClusterWrites(this IEndpointRouteBuilder api)
    {
        api.MapPatch(Path, (string @namespace, string name, HttpContext http, IKubernetesClient client, CancellationToken ct) =>
                PatchAsync(http, client, PathNames.Key(@namespace, name), ct))
            .Describe<ClusterView>("patchCluster", "Change spec, labels or annotations by a JSON merge patch; another spec.template starts an upgrade", new([DryRun]), 404, 409, 422)
            .Takes<JsonObject>(RequestBody.MergePatch).Conditional(required: true).WithTags("clusters");
        api.MapGet(Path + "/upgrades", (string @namespace, string name, HttpContext http, IKubernetesClient client, SystemNamespaces namespaces, CancellationToken ct) =>
                UpgradesAsync(http, client, namespaces, PathNames.Key(@namespace, name), ct))
            .Describe<UpgradesView>("listClusterUpgrades", "Where the cluster can be upgraded to", null, 404).WithTags("upgrades");
        api.MapPost(Path + "/actions/upgrade", (string @namespace, string name, HttpContext http, IKubernetesClient client, CancellationToken ct) =>
                UpgradeAsync(http, client, PathNames.Key(@namespace, name), ct))
            .Describe<ClusterView>("upgradeCluster", "Start one of the available upgrades", new([DryRun]), 404, 409, 422)
            .Takes<UpgradeRequest>().Conditional(required: true).WithTags("upgrades");
        foreach (var (action, value, summary) in (IEnumerable<(string, string?, string)>)
            [("pause", "true", "Leave the cluster, its release and its services as they are until it is resumed"), ("resume", null, "Take the cluster up again")])
            api.MapPost($"{Path}/actions/{action}", (string @namespace, string name, HttpContext http, IKubernetesClient client, CancellationToken ct) =>
                    AnnotateAsync(http, client, PathNames.Key(@namespace, name), FleetAnnotations.Paused, value, ct))
                .Describe<ClusterView>($"{action}Cluster", summary, new([DryRun]), 404).Conditional().WithTags("clusters");
        api.MapDelete(Path, (string @namespace, string name, HttpContext http, IKubernetesClient client, CancellationToken ct) =>
                DeleteAsync(http, client, PathNames.Key(@namespace, name), ct))
            .Describe<ClusterView>("deleteCluster", "Delete a cluster, or only forget it; the answer is the cluster as it is now, its conditions tell how far the deletion is", new([DryRun, Policy, Confirm]), 404, 409, 422)
            .Conditional().WithTags("clusters");
    }

    private static async Task<IResult> PatchAsync(HttpContext http, IKubernetesClient client, ObjectKey key, CancellationToken ct)
    {
        var query = QueryReader.Read(http);
        var wanted = ETags.Wanted(http.Request, required: true);
        var patch = ClusterPatch.Checked(await RequestBody.ReadPatchAsync(http, ct));
        var call = ApiCall.Of(http);
        var before = await ObjectAnswers.FindAsync(call, client, Kind.Resource, key, "patch", ct);
        return ObjectAnswers.Answer(http, Kind, await ObjectWrites.PatchAsync(call, client, Kind.Resource, before, patch, wanted, query.Boolean("dryRun") == true, ct));
    }

    private static async Task<IResult> UpgradeAsync(HttpContext http, IKubernetesClient client, ObjectKey key, CancellationToken ct)
    {
        var query = QueryReader.Read(http);
        var wanted = ETags.Wanted(http.Request, required: true);
        var request = await RequestBody.ReadAsync(http, ApiJson.Default.UpgradeRequest, ct);
        if (request.Template is not { } template || !PathNames.IsName(template))
            throw ProblemException.Invalid("template", "must be the name of a ClusterTemplate");
        var call = ApiCall.Of(http);
        var before = await ObjectAnswers.FindAsync(call, client, Kind.Resource, key, "patch", ct);
        var available = Kind.View(before).AvailableUpgrades;
        if (!available.Contains(template))
            throw new ProblemException(
                ProblemKind.Conflict,
                $"{key} cannot be upgraded to {template}: {(available.Count == 0 ? "no upgrade is available" : $"available are {string.Join(", ", available)}")}");
        var patch = new JsonObject { ["spec"] = new JsonObject { ["template"] = template } };
        return ObjectAnswers.Answer(http, Kind, await ObjectWrites.PatchAsync(call, client, Kind.Resource, before, patch, wanted, query.Boolean("dryRun") == true, ct));
    }

    private static async Task<IResult> AnnotateAsync(HttpContext http, IKubernetesClient client, ObjectKey key, string annotation, string? value, CancellationToken ct)
    {
        var query = QueryReader.Read(http);
        var wanted = ETags.Wanted(http.Request, required: false);
        var call = ApiCall.Of(http);
        var before = await ObjectAnswers.FindAsync(call, client, Kind.Resource, key, "patch", ct);
        var patch = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [annotation] = value } } };
        return ObjectAnswers.Answer(http, Kind, await ObjectWrites.PatchAsync(call, client, Kind.Resource, before, patch, wanted, query.Boolean("dryRun") == true, ct));
    }

    private static async Task<IResult> DeleteAsync(HttpContext http, IKubernetesClient client, ObjectKey key, CancellationToken ct)
    {
        var query = QueryReader.Read(http);
        var wanted = ETags.Wanted(http.Request, required: false);
        var dryRun = query.Boolean("dryRun") == true;
        var policy = query.Text("policy") is { } text ? Enum.Parse<DeletionPolicy>(text) : DeletionPolicy.Delete;
        if (policy != DeletionPolicy.Delete && query.Text("confirm") != key.ToString())
            throw ProblemException.Invalid("?confirm", $"must be {key}: {policy} can leave behind what costs money");
        var call = ApiCall.Of(http);
        var item = await ObjectAnswers.FindAsync(call, client, Kind.Resource, key, "delete", ct);
        ObjectWrites.RequireVersion(item, wanted);
        JsonObject? mark = null;
        if (policy != DeletionPolicy.Delete)
        {
            await call.RequireAsync(new("patch", Kind.Resource, key.Namespace, key.Name), ct);
            mark = new() { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [FleetAnnotations.DeletionPolicy] = policy.ToString() } } };
        }

        return ObjectAnswers.Answer(http, Kind, await ObjectWrites.DeleteAsync(call, client, Kind.Resource, item, mark, wanted, dryRun, ct));
    }

    private static async Task<IResult> UpgradesAsync(HttpContext http, IKubernetesClient client, SystemNamespaces namespaces, ObjectKey key, CancellationToken ct)
    {
        QueryReader.Read(http);
        var item = await ObjectAnswers.FindAsync(ApiCall.Of(http), client, Kind.Resource, key, "get", ct);
        var cluster = item.Root.Deserialize(FleetKindsJson.Default.ClusterDeployment)!;
        var available = new List<UpgradeView>();
        foreach (var name in cluster.Status?.AvailableUpgrades ?? [])
            available.Add(await UpgradeToAsync(client, namespaces, key.Namespace, name, ct));
        return Results.Json(
            new UpgradesView
            {
                Wanted = cluster.Spec.Template,
                Installed = cluster.Status?.EffectiveTemplate?.Split('/')[^1],
                KubernetesVersion = cluster.Status?.K8sVersion,
                Available = available,
            },
            ApiJson.Default.UpgradesView);
    }

    /// <summary>As clusters look their template up: in their own namespace, then in the system's.</summary>
    private static async Task<UpgradeView> UpgradeToAsync(IKubernetesClient client, SystemNamespaces namespaces, string @namespace, string name, CancellationToken ct)
    {
        foreach (var place in namespaces.SearchFrom(@namespace))
            if (await client.Resource(FleetKinds.ClusterTemplates).GetAsync(new(place, name), ct) is { } template)
            {
                var view = Views.Template(template);
                return new() { Template = name, ChartVersion = view.ChartVersion, KubernetesVersion = view.KubernetesVersion, Valid = view.Valid };
            }
        return new() { Template = name };
    }
}

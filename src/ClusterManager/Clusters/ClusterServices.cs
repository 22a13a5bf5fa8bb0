using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Contracts.References;
using Fleet.Contracts.Services;
using Fleet.Control.Kinds;
using Fleet.Control.Placement;
using Fleet.Control.Status;

namespace Fleet.ClusterManager.Clusters;

/// <summary>The ServiceSet of a ClusterDeployment, and what its status says about services. Pure.</summary>
internal static class ClusterServices
{
    public static ServiceSetSpec Spec(ClusterDeployment cluster, ObjectReference? identity, PlacementPlan placement) => new()
    {
        Cluster = cluster.Metadata.Name ?? "",
        Provider = Provider(cluster, identity),
        Services = [.. placement.Services],
    };

    public static PlacementPlan Placement(ClusterDeployment cluster, ServiceSet? set, ServicePlacementFacts facts) => PlacementPlanner.Plan(new()
    {
        Declared = cluster.Spec.ServiceSpec?.Services ?? [],
        Placed = set?.Spec.Services ?? [],
        // A set whose spec has changed says nothing about the new spec yet.
        States = set?.Status is { } status && (status.ObservedGeneration ?? set.Metadata.Generation) == set.Metadata.Generation ? status.Services ?? [] : [],
        Templates = facts.Templates,
        Chains = facts.Chains,
    });

    /// <summary>"x/y": services that some set has Deployed, of all that are placed or wanted.</summary>
    public static (int Deployed, int All) Count(ClusterDeployment cluster, IEnumerable<ServiceSet> sets)
    {
        var all = (cluster.Spec.ServiceSpec?.Services ?? [])
            .Where(service => service.Disable != true)
            .Select(service => (Namespace(service.Namespace), service.Name))
            .ToHashSet();
        var deployed = new HashSet<(string, string)>();
        foreach (var set in sets)
        {
            all.UnionWith((set.Spec.Services ?? []).Select(service => (service.Namespace, service.Name)));
            // Manifests that come along (policyRefs) are in no list of services.
            all.UnionWith((set.Status?.Services ?? []).Where(state => state.Type == ServiceTypes.Resource && state.State is not (ServiceStates.Deleting or ServiceStates.Deleted)).Select(state => (state.Namespace, state.Name)));
            // A set whose spec has changed says nothing about the new spec yet.
            deployed.UnionWith(
                from state in set.Status?.Services ?? []
                where state.State == ServiceStates.Deployed && (set.Status!.ObservedGeneration ?? set.Metadata.Generation) == set.Metadata.Generation
                select (state.Namespace, state.Name));
        }
        return (all.Count(deployed.Contains), all.Count);
    }

    public static List<ServiceState>? States(IEnumerable<ServiceSet> sets)
    {
        var states = sets.OrderBy(set => set.Metadata.Name, StringComparer.Ordinal).SelectMany(set => set.Status?.Services ?? []).ToList();
        return states.Count > 0 ? states : null;
    }

    /// <summary>The states of all sets, and those of services whose time has not come: these are in no set yet.</summary>
    public static List<ServiceState>? States(ClusterFacts facts, PlacementPlan placement, DateTimeOffset now)
    {
        var states = States(facts.ServiceSets) ?? [];
        var known = states.Select(ServiceKey.Of).ToHashSet();
        var before = (facts.Object.Status?.Services ?? []).Where(state => state.State == ServiceStates.Pending).GroupBy(ServiceKey.Of).ToDictionary(group => group.Key, group => group.First());
        foreach (var wait in placement.Waits.Where(wait => !known.Contains(wait.Service)))
            states.Add(new()
            {
                Name = wait.Service.Name,
                Namespace = wait.Service.Namespace,
                Template = (facts.Object.Spec.ServiceSpec?.Services ?? []).First(service => ServiceKey.Of(service) == wait.Service).Template,
                State = ServiceStates.Pending,
                FailureMessage = $"waits for {wait.For}",
                LastStateTransitionTime = before.GetValueOrDefault(wait.Service)?.LastStateTransitionTime ?? StatusTime.Of(now),
            });
        return states.Count > 0 ? states : null;
    }

    public static bool SameSpec(ServiceSetSpec a, ServiceSetSpec b) => JsonNode.DeepEquals(Json(a), Json(b));

    public static JsonObject Json(ServiceSetSpec spec) => (JsonObject)JsonSerializer.SerializeToNode(spec, ContractsJson.Default.ServiceSetSpec)!;

    private static string Namespace(string? stated) => stated is { Length: > 0 } ? stated : "default";

    /// <summary>
    /// Settings of the provider, with what makes the identity known inside the cluster. A provider that is only named gets no settings at all, as upstream
    /// has it.
    /// </summary>
    private static ServiceProviderSpec Provider(ClusterDeployment cluster, ObjectReference? identity)
    {
        var provider = ServiceProviderSettings.Of(cluster.Spec.ServiceSpec);
        if (cluster.Spec.PropagateCredentials != false && identity is not null && provider.Config is JsonObject config)
            AddIdentity(config, identity, cluster.Metadata.Namespace ?? "");
        return provider;
    }

    private static void AddIdentity(JsonObject config, ObjectReference identity, string @namespace)
    {
        var own = ClusterIdentity.Of(identity, @namespace);
        List<TemplateResourceReference> references = [new() { Identifier = ClusterIdentity.Identifier, Resource = identity, Optional = true }];
        if (identity.Kind != CoreKinds.Secrets.Kind)
            references.Add(new()
            {
                Identifier = ClusterIdentity.SecretIdentifier,
                Resource = new() { ApiVersion = "v1", Kind = CoreKinds.Secrets.Kind, Name = own.Secret.Name, Namespace = own.Secret.Namespace },
                Optional = true,
            });
        PolicyReference template = new()
        {
            Kind = CoreKinds.ConfigMaps.Kind, Name = own.Template.Name, Namespace = own.Template.Namespace, DeploymentType = "Remote", Optional = true,
        };
        Append(config, "templateResourceRefs", references.Select(reference => JsonSerializer.SerializeToNode(reference, ContractsJson.Default.TemplateResourceReference)));
        Append(config, "policyRefs", [JsonSerializer.SerializeToNode(template, ContractsJson.Default.PolicyReference)]);
    }

    private static void Append(JsonObject config, string field, IEnumerable<JsonNode?> items)
    {
        // What is of another shape is its author's, and admission's to refuse.
        if (config[field] is null)
            config[field] = new JsonArray();
        if (config[field] is JsonArray list)
            foreach (var item in items)
                list.Add(item);
    }

    /// <summary>Whether the set brings manifests along, and so is of use without a service.</summary>
    /// <param name="hasTemplate">The ConfigMap is there that makes the identity known in clusters.</param>
    public static bool BringsManifests(ServiceSetSpec set, ObjectReference? identity, string @namespace, bool hasTemplate) =>
        set.Provider.Config is JsonObject config && config["policyRefs"] is JsonArray { Count: > 0 } policies
        && (hasTemplate || policies.Any(policy => identity is null || (string?)policy?["name"] != ClusterIdentity.Of(identity, @namespace).Template.Name));
}

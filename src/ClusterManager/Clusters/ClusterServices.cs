using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Contracts.Clusters;
using Fleet.Contracts.References;
using Fleet.Contracts.Services;

namespace Fleet.ClusterManager.Clusters;

/// <summary>The ServiceSet of a ClusterDeployment, and what its status says about services. Pure.</summary>
internal static class ClusterServices
{
    /// <summary>The provider that upstream's manifests mean when they name none.</summary>
    public const string DefaultProvider = "ksm-projectsveltos";

    public static ServiceSetSpec Spec(ClusterDeployment cluster, ObjectReference? identity) => new()
    {
        Cluster = cluster.Metadata.Name ?? "",
        Provider = Provider(cluster, identity),
        Services = [.. (cluster.Spec.ServiceSpec?.Services ?? []).Where(service => service.Disable != true).Select(Place)],
    };

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

    public static bool SameSpec(ServiceSetSpec a, ServiceSetSpec b) => JsonNode.DeepEquals(Json(a), Json(b));

    public static JsonObject Json(ServiceSetSpec spec) => (JsonObject)JsonSerializer.SerializeToNode(spec, ContractsJson.Default.ServiceSetSpec)!;

    private static PlacedService Place(Service service) => new()
    {
        Name = service.Name,
        Namespace = Namespace(service.Namespace),
        Template = service.Template,
        Version = service.Version,
        HelmAction = service.HelmAction,
        HelmOptions = service.HelmOptions,
        Values = service.Values,
        ValuesFrom = service.ValuesFrom,
    };

    private static string Namespace(string? stated) => stated is { Length: > 0 } ? stated : "default";

    // The deprecated fields count only when nothing of the provider is stated; a name alone means: no settings at all.
    private static ServiceProviderSpec Provider(ClusterDeployment cluster, ObjectReference? identity)
    {
        var stated = cluster.Spec.ServiceSpec?.Provider;
        var name = stated?.Name is { Length: > 0 } given ? given : null;
        var config = stated?.Config?.DeepClone();
        if (name is null && config is null)
            config = DeprecatedSettings(cluster, identity);
        return new() { Name = name ?? DefaultProvider, Config = config, SelfManagement = stated?.SelfManagement };
    }

    private static JsonObject DeprecatedSettings(ClusterDeployment cluster, ObjectReference? identity)
    {
        // By way of JSON: the settings have the same names on both sides, without services and provider.
        var spec = new ServiceSpec();
        if (cluster.Spec.ServiceSpec is { } stated)
            spec = stated with { Services = null, Provider = null };
        if (cluster.Spec.PropagateCredentials != false && identity is not null)
            spec = WithIdentity(spec, identity, cluster.Metadata.Namespace ?? "");
        var service = new ClusterDeploymentSpec { ServiceSpec = spec };
        var json = JsonSerializer.SerializeToNode(service, ContractsJson.Default.ClusterDeploymentSpec)!["serviceSpec"]!;
        return (JsonObject)json.DeepClone();
    }

    private static ServiceSpec WithIdentity(ServiceSpec spec, ObjectReference identity, string @namespace)
    {
        var place = identity.Namespace is { Length: > 0 } named ? named : @namespace;
        List<TemplateResourceReference> references =
            [.. spec.TemplateResourceRefs ?? [], new() { Identifier = "InfrastructureProviderIdentity", Resource = identity, Optional = true }];
        if (identity.Kind != "Secret")
            references.Add(new()
            {
                Identifier = "InfrastructureProviderIdentitySecret",
                Resource = new() { ApiVersion = "v1", Kind = "Secret", Name = identity.Name + "-secret", Namespace = place },
                Optional = true,
            });
        PolicyReference template = new()
        {
            Kind = "ConfigMap", Name = identity.Name + "-resource-template", Namespace = place, DeploymentType = "Remote", Optional = true,
        };
        return spec with { TemplateResourceRefs = references, PolicyRefs = [.. spec.PolicyRefs ?? [], template] };
    }
}

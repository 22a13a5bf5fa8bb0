using Fleet.Contracts.Clusters;
using Fleet.Contracts.Templates;
using Fleet.Control.Kinds;
using Fleet.Control.Templates;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Clusters;

/// <summary>What the order of services depends on beside themselves. Most clusters have no order, and nothing is read for them.</summary>
internal sealed class ServicePlacementReader(IKubernetesClient client, SystemNamespaces namespaces)
{
    public async Task<ServicePlacementFacts> ReadAsync(ClusterDeploymentSpec spec, ServiceSet? set, string @namespace, CancellationToken ct)
    {
        var services = spec.ServiceSpec?.Services ?? [];
        if (!services.Exists(service => service.DependsOn is { Count: > 0 } || service.TemplateChain is { Length: > 0 }))
            return ServicePlacementFacts.None;
        var templates = new Dictionary<string, ServiceTemplateSpec>(StringComparer.Ordinal);
        foreach (var name in services.Select(service => service.Template).Concat((set?.Spec.Services ?? []).Select(service => service.Template)).Distinct())
            if (await FindAsync(FleetKinds.ServiceTemplates, @namespace, name, ct) is { } template)
                templates[name] = template.Spec;
        var chains = new Dictionary<string, UpgradeGraph>(StringComparer.Ordinal);
        foreach (var name in services.Select(service => service.TemplateChain).OfType<string>().Where(name => name.Length > 0).Distinct())
            if (await FindAsync(FleetKinds.ServiceTemplateChains, @namespace, name, ct) is { } chain && TemplateChainRules.Problems(chain.Spec).Count == 0)
                chains[name] = UpgradeGraph.From([chain.Spec]);
        return new(true, templates, chains);
    }

    private async Task<T?> FindAsync<T>(ResourceType<T> type, string @namespace, string name, CancellationToken ct) where T : class, IKubernetesObject
    {
        foreach (var place in namespaces.SearchFrom(@namespace))
            if (await client.Resource(type).GetAsync(new(place, name), ct) is { } found)
                return found;
        return null;
    }
}

/// <param name="IsOrdered">Some service waits for another, or goes along a chain.</param>
internal sealed record ServicePlacementFacts(bool IsOrdered, IReadOnlyDictionary<string, ServiceTemplateSpec> Templates, IReadOnlyDictionary<string, UpgradeGraph> Chains)
{
    public static ServicePlacementFacts None { get; } = new(false, new Dictionary<string, ServiceTemplateSpec>(), new Dictionary<string, UpgradeGraph>());
}

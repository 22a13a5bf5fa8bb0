using Fleet.Contracts.Chains;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Chains;

/// <summary>Reads what concerns one chain.</summary>
internal sealed class ChainFactsReader(IKubernetesClient client, SystemNamespaces system)
{
    public async Task<ChainFacts> ReadAsync(ChainKind kind, ObjectMeta chain, TemplateChainSpec spec, CancellationToken ct)
    {
        var facts = new ChainFacts { Kind = kind, Chain = chain, Spec = spec, BringsTemplates = ChainKind.BringsTemplates(chain, system) };
        if (!facts.BringsTemplates)
            return facts;
        var names = (spec.SupportedTemplates ?? []).Select(template => template.Name).ToHashSet(StringComparer.Ordinal);
        var sources = new Dictionary<string, DynamicObject>(StringComparer.Ordinal);
        foreach (var place in system.Names)
            foreach (var template in (await client.Dynamic(kind.Templates).ListAsync(new() { Namespace = place }, ct)).Items)
                if (names.Contains(template.Key.Name) && !template.Metadata.IsBeingDeleted)
                    sources.TryAdd(template.Key.Name, template);
        var present = await client.Dynamic(kind.Templates).ListAsync(new() { Namespace = chain.Namespace }, ct);
        return facts with
        {
            Sources = sources,
            Present = present.Items.ToDictionary(template => template.Key.Name, StringComparer.Ordinal),
            Users = await UsersAsync(kind, chain.Namespace!, ct),
        };
    }

    private async Task<ILookup<string, string>> UsersAsync(ChainKind kind, string @namespace, CancellationToken ct)
    {
        var options = new ListOptions { Namespace = @namespace };
        var clusters = await client.Resource(FleetKinds.ClusterDeployments).ListAsync(options, ct);
        if (kind == ChainKind.OfClusters)
            return clusters.Items.ToLookup(cluster => cluster.Spec.Template, cluster => $"ClusterDeployment {cluster.Metadata.Name}");
        // What stands in a ServiceSet counts too: services come from elsewhere as well, and stay while they are being removed.
        var sets = await client.Resource(FleetKinds.ServiceSets).ListAsync(options, ct);
        return clusters.Items
            .SelectMany(cluster => (cluster.Spec.ServiceSpec?.Services ?? []).Select(service => (service.Template, User: $"ClusterDeployment {cluster.Metadata.Name}")))
            .Concat(sets.Items.SelectMany(set => (set.Spec.Services ?? []).Select(service => (service.Template, User: $"ServiceSet {set.Metadata.Name}"))))
            .Distinct()
            .ToLookup(use => use.Template, use => use.User);
    }
}

using Fleet.Contracts.Services;
using Fleet.Control.Kinds;
using Fleet.Control.Placement;
using Fleet.Control.Templates;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.StateManager.MultiClusterServices;
using Fleet.StateManager.ServiceSets;

namespace Fleet.StateManager.Previews;

/// <summary>What there is, as far as a preview needs it.</summary>
internal sealed record PreviewWorld
{
    public required IReadOnlyList<SelectableCluster> Clusters { get; init; }

    /// <summary>The ClusterDeployments that are posted, as they are now.</summary>
    public required IReadOnlyDictionary<ObjectKey, ClusterDeployment> Present { get; init; }

    /// <summary>Other ClusterDeployments with a service that goes along a chain that is posted.</summary>
    public IReadOnlyList<ClusterDeployment> Chained { get; init; } = [];

    public required IReadOnlyList<MultiClusterRow> Services { get; init; }

    public required Func<ObjectKey, IReadOnlyList<ServiceSet>> SetsOf { get; init; }
}

/// <summary>Reads the world from the watches that the reconcilers have.</summary>
internal sealed class PreviewWorlds(
    IKubernetesClient management, PlacementWatches watches, ServiceSetIndex sets, MultiClusterRows<MultiClusterServiceSpec> multi, MultiClusterRows<NamespacedMultiClusterServiceSpec> namespaced)
{
    public async Task<PreviewWorld> ReadAsync(PostedObjects posted, CancellationToken ct)
    {
        // What is not known yet is not absent.
        await Task.WhenAll(
            watches.Clusters.WaitForSyncAsync(ct), watches.Templates.WaitForSyncAsync(ct), watches.Chains.WaitForSyncAsync(ct), sets.Informer.WaitForSyncAsync(ct),
            multi.Informer.WaitForSyncAsync(ct), namespaced.Informer.WaitForSyncAsync(ct));
        var present = new Dictionary<ObjectKey, ClusterDeployment>();
        foreach (var key in posted.Clusters.Select(cluster => cluster.Metadata.Key).Distinct())
            if (await management.Resource(FleetKinds.ClusterDeployments).GetAsync(key, ct) is { } found)
                present[key] = found;
        return new() { Clusters = [.. watches.Clusters.Items], Present = present, Chained = await ChainedAsync(posted, present, ct), Services = [.. multi.All, .. namespaced.All], SetsOf = sets.OfCluster };
    }

    private async Task<IReadOnlyList<ClusterDeployment>> ChainedAsync(PostedObjects posted, Dictionary<ObjectKey, ClusterDeployment> present, CancellationToken ct) => posted.Chains.Count == 0 ? [] :
    [
        .. (await management.Resource(FleetKinds.ClusterDeployments).ListAsync(new(), ct)).Items
            .Where(cluster => !present.ContainsKey(cluster.Metadata.Key) && cluster.Spec.ServiceSpec?.Services?.Exists(posted.IsChained) == true),
    ];

    /// <summary>What the planner needs to know of the templates and chains that a declaration names.</summary>
    public PlacementFacts Facts(DiffTarget target, IReadOnlyList<Service> declared, PostedObjects posted)
    {
        var @namespace = target.Cluster.Namespace;
        var placed = target.Set?.Spec.Services ?? [];
        var templates = new Dictionary<string, Contracts.Templates.ServiceTemplateSpec>(StringComparer.Ordinal);
        foreach (var name in declared.Select(service => service.Template).Concat(placed.Select(service => service.Template)).Distinct())
            if ((posted.Templates.FirstOrDefault(template => template.Metadata.Name == name)?.Spec ?? watches.FindTemplate(@namespace, name)?.Spec) is { } spec)
                templates[name] = spec;
        var chains = new Dictionary<string, UpgradeGraph>(StringComparer.Ordinal);
        foreach (var name in declared.Select(service => service.TemplateChain).OfType<string>().Distinct())
            if (posted.Chains.LastOrDefault(chain => chain.Metadata.Name == name) is { } preview)
            {
                if (TemplateChainRules.Problems(preview.Spec).Count == 0)
                    chains[name] = UpgradeGraph.From([preview.Spec]);
            }
            else if (watches.FindChain(@namespace, name) is { } chain)
            {
                chains[name] = chain;
            }
        return new() { Declared = declared, Placed = placed, Templates = templates, Chains = chains };
    }

    public bool HasTemplate(ObjectKey key) => watches.Templates.TryGet(key, out _);

    public bool HasChain(ObjectKey key) => watches.Chains.TryGet(key, out _);
}

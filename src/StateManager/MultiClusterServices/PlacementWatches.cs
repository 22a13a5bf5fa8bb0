using Fleet.Contracts.Chains;
using Fleet.Contracts.Templates;
using Fleet.Control.Kinds;
using Fleet.Control.Templates;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Watching;

namespace Fleet.StateManager.MultiClusterServices;

/// <summary>What both kinds look at: clusters, templates and chains, from watches.</summary>
internal sealed class PlacementWatches(IKubernetesClient management, SystemNamespaces namespaces, TimeProvider clock) : IAsyncDisposable
{
    public Informer<ClusterDeployment, SelectableCluster> Clusters { get; } =
        management.Resource(FleetKinds.ClusterDeployments).Informer(new InformerOptions<ClusterDeployment, SelectableCluster>
        {
            Project = SelectableCluster.Of,
            Unchanged = EqualityComparer<SelectableCluster>.Default,
            Clock = clock,
        });

    public Informer<CustomResource<ServiceTemplateSpec, ServiceTemplateStatus>, TemplateFacts> Templates { get; } =
        management.Resource(FleetKinds.ServiceTemplates).Informer(new InformerOptions<CustomResource<ServiceTemplateSpec, ServiceTemplateStatus>, TemplateFacts>
        {
            Project = static template => new(
                template.Spec,
                template.Status is { } status && status.ObservedGeneration == template.Metadata.Generation ? status.Valid : null,
                template.Status?.ValidationError),
            Unchanged = EqualityComparer<TemplateFacts>.Create((a, b) => (a?.IsValid, a?.Problem) == (b?.IsValid, b?.Problem), facts => HashCode.Combine(facts.IsValid, facts.Problem)),
            Clock = clock,
        });

    public Informer<CustomResource<ServiceTemplateChainSpec, TemplateChainStatus>, TemplateChainSpec> Chains { get; } =
        management.Resource(FleetKinds.ServiceTemplateChains).Informer(new InformerOptions<CustomResource<ServiceTemplateChainSpec, TemplateChainStatus>, TemplateChainSpec>
        {
            Project = static chain => chain.Spec,
            // The spec never changes.
            Unchanged = EqualityComparer<TemplateChainSpec>.Create((_, _) => true, _ => 0),
            Clock = clock,
        });

    public TemplateFacts? FindTemplate(string @namespace, string name) => Find(Templates, @namespace, name);

    /// <summary>Null also when the chain contradicts itself: nothing can be upgraded along it.</summary>
    public UpgradeGraph? FindChain(string @namespace, string name) =>
        Find(Chains, @namespace, name) is { } chain && TemplateChainRules.Problems(chain).Count == 0 ? UpgradeGraph.From([chain]) : null;

    public async ValueTask DisposeAsync()
    {
        await Clusters.DisposeAsync();
        await Templates.DisposeAsync();
        await Chains.DisposeAsync();
    }

    private TItem? Find<T, TItem>(Informer<T, TItem> informer, string @namespace, string name) where T : class, IKubernetesObject where TItem : class =>
        namespaces.SearchFrom(@namespace).Select(place => informer.TryGet(new(place, name), out var item) ? item : null).FirstOrDefault(item => item is not null);
}

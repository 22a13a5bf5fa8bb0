using Fleet.ClusterManager.Access;
using Fleet.Contracts.Chains;
using Fleet.Contracts.Templates;
using Fleet.Control;
using Fleet.Control.Kinds;
using Fleet.Control.Watching;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Watching;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Fleet.ClusterManager.Chains;

internal static class ChainServices
{
    public static IServiceCollection AddTemplateChains(this IServiceCollection services)
    {
        services.TryAddSingleton<AccessApplier>();
        services.TryAddSingleton<ChainFactsReader>();
        services.TryAddSingleton<ChainParts>();
        services.AddController<ClusterTemplateChainReconciler>(provider => new()
        {
            Name = "clustertemplatechain",
            Triggers = Triggers(provider, FleetKinds.ClusterTemplateChains, FleetKinds.ClusterTemplates),
        });
        return services.AddController<ServiceTemplateChainReconciler>(provider => new()
        {
            Name = "servicetemplatechain",
            Triggers = Triggers(provider, FleetKinds.ServiceTemplateChains, FleetKinds.ServiceTemplates),
        });
    }

    private static ITrigger[] Triggers<TSpec, TTemplate, TStatus>(
        IServiceProvider provider, ResourceType<CustomResource<TSpec, TemplateChainStatus>> chains, ResourceType<CustomResource<TTemplate, TStatus>> templates)
        where TSpec : TemplateChainSpec, new()
        where TTemplate : class, new()
        where TStatus : TemplateStatus
    {
        var known = provider.GetRequiredService<IKubernetesClient>().Resource(chains).Informer(
            new InformerOptions<CustomResource<TSpec, TemplateChainStatus>, CustomResource<TSpec, TemplateChainStatus>>
            {
                Project = static chain => chain, Clock = provider.GetRequiredService<TimeProvider>(),
            });
        // A template that is new, changed or gone, at its source or as a copy: the chains that list it look again.
        IEnumerable<ObjectKey> ChainsOf(InformerEvent<CustomResource<TTemplate, TStatus>> change) => Changes.Own(change).Any() && known.State.HasSynced
            ? known.Items.Where(chain => chain.Spec.SupportedTemplates?.Exists(template => template.Name == change.Key.Name) == true).Select(chain => chain.Metadata.Key)
            : [];
        return
        [
            new InformerTrigger<CustomResource<TSpec, TemplateChainStatus>, CustomResource<TSpec, TemplateChainStatus>>(known, Changes.Own),
            provider.Trigger(templates, ChainsOf),
        ];
    }
}

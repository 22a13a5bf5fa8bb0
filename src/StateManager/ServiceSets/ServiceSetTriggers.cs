using Fleet.Contracts.Services;
using Fleet.Contracts.StateProviders;
using Fleet.Contracts.Templates;
using Fleet.Control.Kinds;
using Fleet.Control.Watching;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Watching;
using Fleet.StateManager.Health.Custom;
using Fleet.StateManager.Services;
using Fleet.StateManager.StateProviders;

namespace Fleet.StateManager.ServiceSets;

/// <summary>What asks for a ServiceSet: itself, its templates, the kubeconfig of its cluster, and the cluster.</summary>
internal sealed class ServiceSetTriggers(IKubernetesClient management, ServiceSetIndex sets, HealthRuleBook rules, StateProviderIndex providers, ManagedClusterTrigger managed, SourceWatches sources, TimeProvider clock) : IAsyncDisposable
{
    private const string KubeconfigSuffix = "-kubeconfig";

    /// <summary>CAPI puts this label on the Secrets of a cluster.</summary>
    private const string ClusterNameLabel = "cluster.x-k8s.io/cluster-name";

    private readonly Informer<CustomResource<ServiceTemplateSpec, ServiceTemplateStatus>, string> templates =
        management.Resource(FleetKinds.ServiceTemplates).Informer(new InformerOptions<CustomResource<ServiceTemplateSpec, ServiceTemplateStatus>, string>
        {
            // The spec is immutable: what a ServiceSet can notice is the verdict.
            Project = static t => $"{t.Status?.Valid} {t.Status?.ChartVersion} {t.Status?.ObservedGeneration} {t.Status?.ValidationError} {t.Status?.SourceStatus?.Artifact?["digest"]}",
            Unchanged = StringComparer.Ordinal,
            Clock = clock,
        });

    private readonly Informer<DynamicObject, string> kubeconfigs =
        management.Dynamic(CoreKinds.Secrets).Informer(new InformerOptions<DynamicObject, string>
        {
            Project = static s => s.Metadata.ResourceVersion ?? "",
            LabelSelector = ClusterNameLabel,
            Clock = clock,
        });

    public IReadOnlyList<ITrigger> All() =>
    [
        new InformerTrigger<PartialObjectMetadata, string>(sources.Secrets, c => sets.ReadersOf("Secret", c.Key)),
        new InformerTrigger<PartialObjectMetadata, string>(sources.ConfigMaps, c => sets.ReadersOf("ConfigMap", c.Key)),
        .. sources.Repositories.Select(source => new InformerTrigger<PartialObjectMetadata, string>(source.Value, c => sets.ReadersOf(source.Key, c.Key))),
        new InformerTrigger<CustomResource<ServiceSetSpec, ServiceSetStatus>, CustomResource<ServiceSetSpec, ServiceSetStatus>>(
            sets.Informer, c => Changes.Own(c).SelectMany(key => sets.RivalsOf(c).Prepend(key))),
        new InformerTrigger<CustomResource<ServiceTemplateSpec, ServiceTemplateStatus>, string>(templates, c => sets.UsersOf(c.Key)),
        new InformerTrigger<DynamicObject, string>(kubeconfigs, c => UsersOf(c.Key)),
        new InformerTrigger<DynamicObject, HealthRuleConfigMap>(rules.Informer, ConcernedBy),
        new InformerTrigger<CustomResource<StateManagementProviderSpec, StateManagementProviderStatus>, StateProviderRow>(providers.Informer, c => OfProvider(c.Key.Name)),
        managed,
    ];

    public async ValueTask DisposeAsync()
    {
        await templates.DisposeAsync();
        await kubeconfigs.DisposeAsync();
    }

    private IEnumerable<ObjectKey> OfProvider(string provider) => sets.Informer.State.HasSynced
        ? sets.Informer.Items.Where(set => StateProviderIndex.NameOf(set.Spec) == provider).Select(set => set.Metadata.Key)
        : [];

    private IEnumerable<ObjectKey> ConcernedBy(InformerEvent<HealthRuleConfigMap> change) => sets.Informer.State.HasSynced
        ? sets.Informer.Items.Where(set => rules.Concerns(change, set.Metadata.Namespace ?? "", HealthRuleOwner.Of(set.Metadata))).Select(set => set.Metadata.Key)
        : [];

    private IEnumerable<ObjectKey> UsersOf(ObjectKey secret) =>
        sets.Informer.State.HasSynced && secret.Name.EndsWith(KubeconfigSuffix, StringComparison.Ordinal)
            ? sets.OfCluster(secret with { Name = secret.Name[..^KubeconfigSuffix.Length] }).Select(s => s.Metadata.Key)
            : [];
}

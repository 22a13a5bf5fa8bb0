using Fleet.Contracts.Conditions;
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
            Project = static t => Verdict(t.Status),
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

    /// <summary>What services can notice of a template, whose spec is immutable.</summary>
    internal static string Verdict(ServiceTemplateStatus? status) =>
        $"{status?.Valid} {status?.ChartVersion} {status?.ObservedGeneration} {status?.ValidationError} {status?.SourceStatus?.Artifact?["digest"]} {OwnSource(status?.SourceStatus)}";

    /// <summary>
    /// Whether the ConfigMap or Secret of a template is there: of these nothing is kept, so its services wait while it is away, though the template stays
    /// valid. What was fetched from elsewhere is kept, and its services need not know that the place is away.
    /// </summary>
    private static string? OwnSource(TemplateSourceStatus? source) => source is { Kind: "ConfigMap" or "Secret" }
        ? source.Conditions?.Find(condition => condition.Type == SharedConditions.Ready) is { } ready ? $"{ready.Status} {ready.Message}" : null
        : null;

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

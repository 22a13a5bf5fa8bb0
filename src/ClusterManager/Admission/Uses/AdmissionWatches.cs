using Fleet.ClusterManager.Watching;
using Fleet.Contracts.Components;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Watching;

namespace Fleet.ClusterManager.Admission.Uses;

/// <summary>The watches that only admission needs, all of kinds with few objects; the rest is shared with the controllers.</summary>
internal sealed class AdmissionWatches(IKubernetesClient client, ClusterWatches shared, TimeProvider clock) : IAsyncDisposable
{
    public Informer<ClusterTemplateChain, KnownChain> ClusterTemplateChains { get; } = Of(client, FleetKinds.ClusterTemplateChains, KnownChain.Of, clock);

    public Informer<ServiceTemplateChain, KnownChain> ServiceTemplateChains { get; } = Of(client, FleetKinds.ServiceTemplateChains, KnownChain.Of, clock);

    public Informer<ServiceTemplate, ObjectKey> ServiceTemplates { get; } = Of(client, FleetKinds.ServiceTemplates, template => template.Metadata.Key, clock);

    public Informer<ProviderTemplate, KnownProviderTemplate> ProviderTemplates { get; } = Of(
        client, FleetKinds.ProviderTemplates, template => new KnownProviderTemplate(template.Metadata.Key.Name, [.. template.Status?.Providers ?? template.Spec.Providers ?? []]), clock);

    public Informer<MultiClusterService, KnownMultiClusterService> MultiClusterServices { get; } = Of(
        client, FleetKinds.MultiClusterServices, item => KnownMultiClusterService.Of(FleetKinds.MultiClusterServices.Kind, item), clock);

    public Informer<NamespacedMultiClusterService, KnownMultiClusterService> NamespacedMultiClusterServices { get; } = Of(
        client, FleetKinds.NamespacedMultiClusterServices, item => KnownMultiClusterService.Of(FleetKinds.NamespacedMultiClusterServices.Kind, item), clock);

    public Informer<Region, KnownRegion> Regions { get; } = Of(
        client,
        FleetKinds.Regions,
        region => new KnownRegion(
            region.Metadata.Key.Name,
            region.Spec.ClusterDeployment is { } cluster ? new(cluster.Namespace, cluster.Name) : null,
            [.. Templates(region.Spec.Core, region.Spec.Providers)]),
        clock);

    public Informer<Management, KnownManagement> Managements { get; } = Of(
        client,
        FleetKinds.Managements,
        management => new KnownManagement(
            management.Metadata.Key.Name, management.Metadata.IsBeingDeleted, management.Spec.Release, [.. Templates(management.Spec.Core, management.Spec.Providers)])
        {
            Installed = management.Status?.Release,
        },
        clock);

    public Informer<Release, KnownRelease> Releases { get; } = Of(client, FleetKinds.Releases, ReleaseOf, clock);

    public Informer<ClusterDataSource, KnownClusterDataSource> ClusterDataSources { get; } = Of(
        client, FleetKinds.ClusterDataSources, source => new KnownClusterDataSource(source.Metadata.Key, source.Spec.DataSource), clock);

    /// <summary>Idempotent.</summary>
    public void Start()
    {
        shared.Clusters.Start();
        shared.Templates.Start();
        shared.Credentials.Start();
        shared.Definitions.Start();
        ClusterTemplateChains.Start();
        ServiceTemplateChains.Start();
        ServiceTemplates.Start();
        ProviderTemplates.Start();
        MultiClusterServices.Start();
        NamespacedMultiClusterServices.Start();
        Regions.Start();
        Managements.Start();
        Releases.Start();
        ClusterDataSources.Start();
    }

    /// <summary>Completes when all of it has been read once.</summary>
    public Task WaitForSyncAsync(CancellationToken ct) => Task.WhenAll(
        shared.Clusters.WaitForSyncAsync(ct), shared.Templates.WaitForSyncAsync(ct), shared.Credentials.WaitForSyncAsync(ct), shared.Definitions.WaitForSyncAsync(ct), ClusterTemplateChains.WaitForSyncAsync(ct),
        ServiceTemplateChains.WaitForSyncAsync(ct), ServiceTemplates.WaitForSyncAsync(ct), ProviderTemplates.WaitForSyncAsync(ct), MultiClusterServices.WaitForSyncAsync(ct), NamespacedMultiClusterServices.WaitForSyncAsync(ct), Regions.WaitForSyncAsync(ct),
        Managements.WaitForSyncAsync(ct), Releases.WaitForSyncAsync(ct), ClusterDataSources.WaitForSyncAsync(ct));

    public async ValueTask DisposeAsync()
    {
        IAsyncDisposable[] own = [ClusterTemplateChains, ServiceTemplateChains, ServiceTemplates, ProviderTemplates, MultiClusterServices, NamespacedMultiClusterServices, Regions, Managements, Releases, ClusterDataSources];
        foreach (var informer in own)
            await informer.DisposeAsync();
    }

    private static Informer<T, TItem> Of<T, TItem>(IKubernetesClient client, ResourceType<T> type, Func<T, TItem> project, TimeProvider clock)
        where T : class, IKubernetesObject => client.Resource(type).Informer(new InformerOptions<T, TItem> { Project = project, Clock = clock });

    private static KnownRelease ReleaseOf(Release release) => new(
        release.Metadata.Key.Name,
        [.. ((string?[])[release.Spec.Kcm.Template, release.Spec.Regional?.Template, release.Spec.Capi.Template]).OfType<string>()],
        (release.Spec.Providers ?? []).GroupBy(provider => provider.Name).ToDictionary(group => group.Key, group => group.First().Template));

    private static IEnumerable<string> Templates(CoreComponents? core, List<ProviderComponent>? providers) =>
        ((string?[])[core?.Kcm?.Template, core?.Capi?.Template]).Concat((providers ?? []).Select(provider => provider.Template)).Where(name => !string.IsNullOrEmpty(name))!;
}

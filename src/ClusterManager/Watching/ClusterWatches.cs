using Fleet.Contracts;
using Fleet.Contracts.Sources;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Watching;

namespace Fleet.ClusterManager.Watching;

/// <summary>The watches on the management cluster, shared by all controllers. Started by the first trigger that needs them.</summary>
internal sealed class ClusterWatches(IKubernetesClient client, TimeProvider clock) : IKindWatches, IAsyncDisposable
{
    public const string ByTemplate = "template";

    public const string ByCredential = "credential";

    /// <summary>Value <see cref="ClusterRow.HeldByBreaker"/>.</summary>
    public const string ByDeletion = "deletion";

    public const string ByRepository = "repository";

    /// <summary>Values are made by <see cref="ClusterReferences.Named"/>.</summary>
    public const string ByReference = "reference";

    public const string ByCluster = "cluster";

    public const string ByRegion = "region";

    public Informer<ClusterDeployment, ClusterRow> Clusters { get; } = client.Resource(FleetKinds.ClusterDeployments).Informer(
        new InformerOptions<ClusterDeployment, ClusterRow>
        {
            Project = ClusterRow.Of,
            Unchanged = EqualityComparer<ClusterRow>.Default,
            Clock = clock,
            Indices = new Dictionary<string, Func<ClusterRow, IEnumerable<string>>>
            {
                [ByTemplate] = row => [row.Template],
                [ByRegion] = row => row.Region is { Length: > 0 } region ? [region] : [],
                [ByDeletion] = row => row.Deletion is { } deletion ? [deletion] : [],
                [ByReference] = row => row.References.EachObject(row.Key.Namespace),
                [ByCredential] = row => row.Credential is null ? [] : [$"{row.Key.Namespace}/{row.Credential}"],
            },
        });

    public Informer<ClusterTemplate, TemplateRow> Templates { get; } = client.Resource(FleetKinds.ClusterTemplates).Informer(
        new InformerOptions<ClusterTemplate, TemplateRow>
        {
            Project = TemplateRow.Of,
            Unchanged = EqualityComparer<TemplateRow>.Default,
            Clock = clock,
            Indices = new Dictionary<string, Func<TemplateRow, IEnumerable<string>>> { [ByRepository] = row => row.Sources.Split(' ', StringSplitOptions.RemoveEmptyEntries) },
        });

    public Informer<ClusterTemplateChain, ChainRow> Chains { get; } = client.Resource(FleetKinds.ClusterTemplateChains).Informer(
        new InformerOptions<ClusterTemplateChain, ChainRow>
        {
            Project = ChainRow.Of,
            Unchanged = EqualityComparer<ChainRow>.Default,
            Clock = clock,
            Indices = new Dictionary<string, Func<ChainRow, IEnumerable<string>>> { [ByTemplate] = row => row.Templates },
        });

    public Informer<Credential, CredentialRow> Credentials { get; } = client.Resource(FleetKinds.Credentials).Informer(
        new InformerOptions<Credential, CredentialRow>
        {
            Project = CredentialRow.Of,
            Unchanged = EqualityComparer<CredentialRow>.Default,
            Clock = clock,
            Indices = new Dictionary<string, Func<CredentialRow, IEnumerable<string>>> { [ByRegion] = row => row.Region is { Length: > 0 } region ? [region] : [] },
        });

    public Informer<Region, RegionRow> Regions { get; } = client.Resource(FleetKinds.Regions).Informer(
        new InformerOptions<Region, RegionRow> { Project = RegionRow.Of, Unchanged = EqualityComparer<RegionRow>.Default, Clock = clock });

    public Informer<CustomResource<HelmRepositorySpec, HelmRepositoryStatus>, RepositoryRow> Repositories { get; } =
        client.Resource(FleetKinds.HelmRepositories).Informer(
            new InformerOptions<CustomResource<HelmRepositorySpec, HelmRepositoryStatus>, RepositoryRow>
            {
                Project = RepositoryRow.Of, Unchanged = EqualityComparer<RepositoryRow>.Default, Clock = clock,
            });

    /// <summary>Every change counts, since nobody but the StateManager and we write them.</summary>
    public Informer<ServiceSet, ServiceSetRow> ServiceSets { get; } = client.Resource(FleetKinds.ServiceSets).Informer(
        new InformerOptions<ServiceSet, ServiceSetRow>
        {
            Project = ServiceSetRow.Of,
            Clock = clock,
            Indices = new Dictionary<string, Func<ServiceSetRow, IEnumerable<string>>> { [ByCluster] = row => [$"{row.Key.Namespace}/{row.Cluster}"] },
        });

    /// <summary>Every change counts, since values are not kept to compare. Helm's own records are left out: they are large and change with every release.</summary>
    public Informer<DynamicObject, SecretRow> Secrets { get; } = client.Dynamic(CoreKinds.Secrets).Informer(
        new InformerOptions<DynamicObject, SecretRow> { Project = SecretRow.Of, LabelSelector = "owner!=helm", PageSize = 100, Clock = clock });

    /// <summary>Every ConfigMap by its key; those count whose name says that they make an identity known in clusters.</summary>
    public Informer<PartialObjectMetadata, AppearedRow> ResourceTemplates { get; } = client.Metadata(CoreKinds.ConfigMaps).Informer(
        new InformerOptions<PartialObjectMetadata, AppearedRow> { Project = AppearedRow.Of, Unchanged = EqualityComparer<AppearedRow>.Default, Clock = clock });

    public Informer<DynamicObject, DefinitionRow> Definitions { get; } = client.Dynamic(CoreKinds.Definitions).Informer(
        new InformerOptions<DynamicObject, DefinitionRow> { Project = DefinitionRow.Of, Unchanged = EqualityComparer<DefinitionRow>.Default, PageSize = 20, Clock = clock });

    /// <inheritdoc/>
    public Informer<PartialObjectMetadata, AppearedRow> Appeared(ResourceKind kind) => client.Metadata(kind).Informer(
        new InformerOptions<PartialObjectMetadata, AppearedRow> { Project = AppearedRow.Of, Clock = clock });

    public async ValueTask DisposeAsync()
    {
        IAsyncDisposable[] all = [Clusters, Templates, Chains, Credentials, Regions, Repositories, ServiceSets, Secrets, ResourceTemplates, Definitions];
        foreach (var informer in all)
            await informer.DisposeAsync();
    }
}

/// <summary>An object of a kind that came with a provider: its key, and the release that it belongs to.</summary>
internal sealed record AppearedRow(ObjectKey Key, ObjectKey? Release)
{
    public static AppearedRow Of(PartialObjectMetadata item)
    {
        var (key, labels) = (item.Metadata.Key, item.Metadata.Labels);
        return new(
            key,
            labels?.GetValueOrDefault(FleetLabels.HelmReleaseName) is { } name
                ? new ObjectKey(labels.GetValueOrDefault(FleetLabels.HelmReleaseNamespace) ?? key.Namespace, name)
                : null);
    }
}

using Fleet.ClusterManager.Watching;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Admission.Uses;

/// <summary>What the rules about uses have to know of a management cluster. Read lazily: a rule only pays for what it looks at.</summary>
internal sealed record FleetFacts
{
    public SystemNamespaces System { get; init; } = SystemNamespaces.Default;

    public IEnumerable<ClusterUse> Clusters { get; init; } = [];

    public IEnumerable<KnownTemplate> ClusterTemplates { get; init; } = [];

    /// <summary>Keys are enough: it is only asked which of two namesakes a service means.</summary>
    public IEnumerable<ObjectKey> ServiceTemplates { get; init; } = [];

    public IEnumerable<KnownProviderTemplate> ProviderTemplates { get; init; } = [];

    public IEnumerable<KnownChain> ClusterTemplateChains { get; init; } = [];

    public IEnumerable<KnownChain> ServiceTemplateChains { get; init; } = [];

    /// <summary>Both kinds.</summary>
    public IEnumerable<KnownMultiClusterService> MultiClusterServices { get; init; } = [];

    public IEnumerable<KnownCredential> Credentials { get; init; } = [];

    public IEnumerable<KnownRegion> Regions { get; init; } = [];

    public IEnumerable<KnownManagement> Managements { get; init; } = [];

    public IEnumerable<KnownRelease> Releases { get; init; } = [];

    public IEnumerable<KnownClusterDataSource> ClusterDataSources { get; init; } = [];

    /// <summary>Kinds that the change names and that exist for the whole cluster, as <c>Kind.group</c>.</summary>
    public IReadOnlySet<string> ClusterScopedKinds { get; init; } = new HashSet<string>();

    /// <summary>Null when the template that the change names is not there or not valid yet, or its chart states no schema.</summary>
    public TemplateValues? Values { get; init; }
}

/// <summary>What a ClusterDeployment refers to.</summary>
internal sealed record ClusterUse(ObjectKey Key, string Template, string? Credential, ClusterReferences References)
{
    public bool IsBeingDeleted { get; init; }
}

internal sealed record KnownTemplate(ObjectKey Key, IReadOnlyList<string> Providers);

internal sealed record KnownProviderTemplate(string Name, IReadOnlyList<string> Providers);

internal sealed record KnownChain(ObjectKey Key, bool IsManaged, IReadOnlyList<KnownLink> Links)
{
    public static KnownChain Of<TChain>(CustomResource<TChain, Contracts.Chains.TemplateChainStatus> chain)
        where TChain : Contracts.Chains.TemplateChainSpec, new() => new(
            chain.Metadata.Key,
            chain.Metadata.Labels?.GetValueOrDefault(Contracts.FleetLabels.Managed) == "true",
            [.. (chain.Spec.SupportedTemplates ?? []).Select(template => new KnownLink(template.Name, [.. (template.AvailableUpgrades ?? []).Select(upgrade => upgrade.Name)]))]);
}

/// <summary>A template of a chain and what may follow it.</summary>
internal sealed record KnownLink(string Template, IReadOnlyList<string> Upgrades);

internal sealed record KnownCredential(ObjectKey Key, string? Region);

internal sealed record KnownRegion(string Name, ObjectKey? Cluster, IReadOnlyList<string> Templates);

internal sealed record KnownManagement(string Name, bool IsBeingDeleted, string Release, IReadOnlyList<string> Templates)
{
    /// <summary>The release that is installed, which an upgrade may have to go back to.</summary>
    public string? Installed { get; init; }
}

internal sealed record KnownRelease(string Name, IReadOnlyList<string> CoreTemplates, IReadOnlyDictionary<string, string> ProviderTemplates)
{
    public IEnumerable<string> Templates => CoreTemplates.Concat(ProviderTemplates.Values);
}

internal sealed record KnownClusterDataSource(ObjectKey Key, string DataSource);

/// <summary>A MultiClusterService, or one of a namespace.</summary>
internal sealed record KnownMultiClusterService(ResourceKind Kind, ObjectKey Key, bool IsBeingDeleted, IReadOnlyList<string> DependsOn, IReadOnlyList<string> Templates, IReadOnlyList<string> Chains)
{
    public static KnownMultiClusterService Of<TSpec>(ResourceKind kind, CustomResource<TSpec, Contracts.Services.MultiClusterServiceStatus> item)
        where TSpec : Contracts.Services.MultiClusterSpec, new() => new(
            kind, item.Metadata.Key, item.Metadata.IsBeingDeleted, item.Spec.DependsOn ?? [],
            [.. (item.Spec.ServiceSpec?.Services ?? []).Select(service => service.Template).Distinct()],
            [.. (item.Spec.ServiceSpec?.Services ?? []).Select(service => service.TemplateChain).OfType<string>().Distinct()]);
}

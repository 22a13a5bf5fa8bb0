using Fleet.ClusterManager.Capi;
using Fleet.ClusterManager.Credentials;
using Fleet.ClusterManager.Providers;
using Fleet.ClusterManager.References;
using Fleet.ClusterManager.Regions;
using Fleet.ClusterManager.Releases;
using Fleet.ClusterManager.Upgrades;
using Fleet.Helm.Charts;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Clusters;

/// <summary>Everything that decides what to do about a ClusterDeployment: all reads are done.</summary>
internal sealed record ClusterFacts
{
    public required ClusterDeployment Object { get; init; }

    /// <summary>Null when no namespace that counts has it.</summary>
    public ClusterTemplate? Template { get; init; }

    /// <summary>Null when the template is not valid or the chart can not be had now; then <see cref="ChartProblem"/> may say why.</summary>
    public ChartArchive? Chart { get; init; }

    public string? ChartProblem { get; init; }

    /// <summary>Null when the providers that the template needs are there, or nobody has said which are.</summary>
    public ProviderProblem? ProviderProblem { get; init; }

    /// <summary>Kinds of identities that providers of the template take, by provider; one that takes none is left out.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> IdentityKinds { get; init; } = IdentityRequirements.Known;

    public Credential? Credential { get; init; }

    /// <summary>Where the CAPI objects are; null for the management cluster.</summary>
    public RegionView? Region { get; init; }

    /// <summary>Why the cluster is not in the region of its Credential; null when it is.</summary>
    public string? RegionConflict { get; init; }

    /// <summary>Release, CAPI Cluster and machines are not known now: what is null of them is not absent.</summary>
    public bool IsAway => Region is { IsUsable: false };

    /// <summary>The Secret behind the credential, when the identity is one.</summary>
    public SecretShape? IdentitySecret { get; init; }

    /// <summary>Manifests are there that make the identity known inside the clusters that use it.</summary>
    public bool HasResourceTemplate { get; init; }

    public ReferenceFacts References { get; init; } = ReferenceFacts.None;

    public ReleaseRecord? Release { get; init; }

    /// <summary>The release was made for another object of this name: it is not touched, and its Cluster is not this one's.</summary>
    public bool IsForeignRelease { get; init; }

    public CapiCluster? Capi { get; init; }

    /// <summary>Machines of a Cluster that is gone; read only then.</summary>
    public int MachinesLeft { get; init; }

    public KubeconfigFacts? Kubeconfig { get; init; }

    /// <summary>All of this cluster, from whichever source.</summary>
    public IReadOnlyList<ServiceSet> ServiceSets { get; init; } = [];

    public ServicePlacementFacts Services { get; init; } = ServicePlacementFacts.None;

    /// <summary>Names of the ClusterTemplates that chains of the namespaces in question let follow the installed one; null when no chain lists it.</summary>
    public IReadOnlyList<string>? Upgrades { get; init; }

    public ObjectKey Key => Object.Metadata.Key;

    /// <summary>The object is seen with its last good template in place of the spec's.</summary>
    public bool IsRolledBack => EffectiveSpec.IsRolledBack(Object);

    /// <summary>Name of the ClusterTemplate that the release was last made of, as far as status knows; null before the first time.</summary>
    public string? InstalledTemplate => EffectiveSpec.InstalledTemplate(Object);

    /// <summary>Null when the cluster is worked on.</summary>
    public ClusterPause? Pause => ClusterPause.Of(Object, Capi, Region, ServiceSets);

    public ServiceSet? OwnServiceSet => ServiceSets.FirstOrDefault(set => set.Metadata.Name == Key.Name);

    public IReadOnlyList<string> Providers => Template?.Status?.Providers ?? [];

    /// <summary>The cluster exists already, Fleet only looks after it: there is no CAPI Cluster, and the credential is the kubeconfig.</summary>
    public bool IsAdopted => Providers.Contains(IdentityRequirements.InternalProvider);
}

/// <summary>A kubeconfig and the Secret it is in. Never printed.</summary>
internal sealed class KubeconfigFacts(ObjectKey secret, string? text)
{
    public ObjectKey Secret { get; } = secret;

    /// <summary>Null when the Secret or its key is missing.</summary>
    public string? Text { get; } = text;

    public override string ToString() => $"kubeconfig in {Secret}";
}

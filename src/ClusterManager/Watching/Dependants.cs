using Fleet.ClusterManager.Capi;
using Fleet.Control.Kinds;
using Fleet.Control.Placement;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Watching;

namespace Fleet.ClusterManager.Watching;

/// <summary>Who is to look again when something has changed. Reads only what the watches know; a watch that is not there yet reports everything later.</summary>
internal sealed class Dependants(ClusterWatches watches, SystemNamespaces namespaces)
{
    public IEnumerable<ObjectKey> ClustersOf(TemplateRow template) =>
        Clusters(ClusterWatches.ByTemplate, template.Key.Name)
            .Where(cluster => cluster.Key.Namespace == template.Key.Namespace || namespaces.Names.Contains(template.Key.Namespace))
            .Select(cluster => cluster.Key);

    public IEnumerable<ObjectKey> AllClusters() => watches.Clusters.State.HasSynced ? watches.Clusters.Items.Select(cluster => cluster.Key) : [];

    public IEnumerable<ObjectKey> ClustersOf(ChainRow chain) =>
        chain.Templates.SelectMany(template => Clusters(ClusterWatches.ByTemplate, template))
            .Where(cluster => cluster.Key.Namespace == chain.Key.Namespace || namespaces.Names.Contains(chain.Key.Namespace))
            .Select(cluster => cluster.Key)
            .Distinct();

    public IEnumerable<ObjectKey> ClustersOf(CredentialRow credential) =>
        Clusters(ClusterWatches.ByCredential, credential.Key.ToString()).Select(cluster => cluster.Key);

    /// <summary>A kubeconfig, or the Secret that is the identity of a credential.</summary>
    public IEnumerable<ObjectKey> ClustersOf(SecretRow secret)
    {
        if (secret.Cluster is { } cluster)
            yield return cluster;
        foreach (var credential in Credentials().Where(row => row.IdentityKind == "Secret" && row.MayUse(secret.Key)))
            foreach (var key in ClustersOf(credential))
                yield return key;
    }

    /// <summary>A ConfigMap that may hold the manifests of an identity.</summary>
    public IEnumerable<ObjectKey> ClustersOfTemplate(ObjectKey template) => ClusterIdentity.OwnerOfTemplate(template.Name) is { } identity
        ? Credentials().Where(row => row.IdentityName == identity).SelectMany(ClustersOf)
        : [];

    /// <summary>Everything that is worked on through a region: clusters that are in it, and those that are to be.</summary>
    public IEnumerable<ObjectKey> ClustersIn(string region) =>
        Clusters(ClusterWatches.ByRegion, region).Select(cluster => cluster.Key)
            .Concat(CredentialsIn(region).SelectMany(credential => Clusters(ClusterWatches.ByCredential, credential.ToString())).Select(cluster => cluster.Key))
            .Distinct();

    public IEnumerable<ObjectKey> CredentialsIn(string region) =>
        watches.Credentials.State.HasSynced ? watches.Credentials.ByIndex(ClusterWatches.ByRegion, region).Select(credential => credential.Key) : [];

    /// <summary>Regions whose kubeconfig is in this Secret.</summary>
    public IEnumerable<ObjectKey> RegionsOf(SecretRow secret) =>
        watches.Regions.State.HasSynced
            ? watches.Regions.Items
                .Where(region => region.Cluster is { } cluster ? secret.Cluster == cluster : region.KubeconfigSecret == secret.Key.Name && namespaces.Names.Contains(secret.Key.Namespace))
                .Select(region => ObjectKey.Cluster(region.Name))
            : [];

    /// <summary>Regions that a cluster or credential has begun or ceased to be in.</summary>
    public IEnumerable<ObjectKey> RegionsOf(InformerEvent<ClusterRow> change) =>
        change is { Type: InformerEventType.Updated, Previous: { } before } && before.Region == change.Item.Region && before.Credential == change.Item.Credential
            ? []
            : ((string?[])[change.Previous?.Region, change.Item.Region, RegionOf(change.Item)]).OfType<string>().Where(name => name.Length > 0).Distinct().Select(ObjectKey.Cluster);

    public static IEnumerable<ObjectKey> RegionsOf(CredentialRow credential) => credential.Region is { Length: > 0 } region ? [ObjectKey.Cluster(region)] : [];

    /// <summary>Whether a ClusterDeployment has this key, or that is not known yet.</summary>
    public bool IsCluster(ObjectKey key) => !watches.Clusters.State.HasSynced || watches.Clusters.TryGet(key, out _);

    private string? RegionOf(ClusterRow cluster) =>
        cluster.Credential is { Length: > 0 } name && watches.Credentials.State.HasSynced && watches.Credentials.TryGet(cluster.Key with { Name = name }, out var credential)
            ? credential.Region
            : null;

    public IEnumerable<ObjectKey> TemplatesOf(RepositoryRow repository) =>
        watches.Templates.State.HasSynced
            ? watches.Templates.ByIndex(ClusterWatches.ByRepository, repository.Key.Name).Select(template => template.Key)
            : [];

    /// <summary>A GitRepository, Bucket, OCIRepository or HelmChart.</summary>
    public IEnumerable<ObjectKey> TemplatesOf(AppearedRow source) =>
        watches.Templates.State.HasSynced
            ? watches.Templates.ByIndex(ClusterWatches.ByRepository, source.Key.Name)
                .Concat(watches.Templates.ByIndex(ClusterWatches.ByRepository, TemplateRow.AnySource)).Select(template => template.Key)
            : [];

    public static bool IsChartSource(DefinitionRow definition) =>
        definition is { Group: Contracts.FleetApi.SourceGroup, Kind: "GitRepository" or "Bucket" or "OCIRepository" or "HelmChart" };

    public IEnumerable<ObjectKey> CredentialsOf(SecretRow secret) =>
        secret.IsOfCapi ? [] : Credentials().Where(row => row.MayUse(secret.Key)).Select(row => row.Key);

    public IEnumerable<ObjectKey> CredentialsOf(AppearedRow identity) =>
        Credentials().Where(row => row.IdentityName == identity.Key.Name).Select(row => row.Key);

    /// <summary>The credentials that a cluster has begun or ceased to use.</summary>
    public static IEnumerable<ObjectKey> CredentialsOf(InformerEvent<ClusterRow> change)
    {
        var before = change.Type == InformerEventType.Added ? null : Used(change.Previous ?? change.Item);
        var after = change.Type == InformerEventType.Deleted ? null : Used(change.Item);
        return before == after ? [] : new[] { before, after }.OfType<ObjectKey>();
    }

    private static ObjectKey? Used(ClusterRow? cluster) =>
        cluster?.Credential is { Length: > 0 } name ? new ObjectKey(cluster.Key.Namespace, name) : null;

    public static IEnumerable<ObjectKey> ClustersOf(AppearedRow capiCluster) => [capiCluster.Release ?? capiCluster.Key];

    public static bool IsCapiCluster(DefinitionRow definition) => definition is { Group: CapiReader.Group, Kind: "Cluster" };

    /// <summary>Identity kinds of infrastructure providers are named alike.</summary>
    public static bool IsIdentity(DefinitionRow definition) =>
        definition.Group == "infrastructure.cluster.x-k8s.io" && definition.Kind.EndsWith("Identity", StringComparison.Ordinal);

    private IReadOnlyList<ClusterRow> Clusters(string index, string value) =>
        watches.Clusters.State.HasSynced ? watches.Clusters.ByIndex(index, value) : [];

    private IEnumerable<CredentialRow> Credentials() => watches.Credentials.State.HasSynced ? watches.Credentials.Items : [];

    /// <summary>The changed cluster itself, unless only its status has changed, which Fleet writes.</summary>
    public static IEnumerable<ObjectKey> Itself(InformerEvent<ClusterRow> change) =>
        change.Previous is { } before && ClusterRow.AskTheSame(before, change.Item) ? [] : [change.Key];
}

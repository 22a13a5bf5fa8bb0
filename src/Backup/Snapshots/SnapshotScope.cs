using Fleet.Contracts;
using Fleet.Helm.Owners;
using Fleet.Kubernetes.Discovery;
using Fleet.Kubernetes.Objects;

namespace Fleet.Backup.Snapshots;

/// <summary>Which kinds of a management cluster belong into a backup. Pure.</summary>
internal static class SnapshotScope
{
    private const string CapiGroup = "cluster.x-k8s.io";

    private static readonly HashSet<string> Groups = new(StringComparer.Ordinal)
    {
        FleetApi.Group, FleetApi.SourceGroup, "helm.toolkit.fluxcd.io", CapiGroup, "k0smotron.io",
    };

    /// <summary>Fleet's, Cluster API's and its providers', and Flux' sources. Providers outside of <c>cluster.x-k8s.io</c> are known by the label on their definitions.</summary>
    public static bool Holds(string group, IReadOnlySet<string> providerGroups) =>
        Groups.Contains(group) || group.EndsWith($".{CapiGroup}", StringComparison.Ordinal) || providerGroups.Contains(group);

    /// <summary>Each kind once, in the version that the server prefers; those that cannot be listed and created (reviews, for instance) are no objects.</summary>
    public static IReadOnlyList<ApiResource> Of(IReadOnlyList<ApiResource> served, IReadOnlySet<string> providerGroups) =>
    [
        .. served.Where(row => Holds(row.Kind.Group, providerGroups) && row.Verbs.Contains("list") && row.Verbs.Contains("create"))
            .DistinctBy(row => (row.Kind.Group, row.Kind.Plural))
            .OrderBy(row => row.Kind.Group, StringComparer.Ordinal).ThenBy(row => row.Kind.Plural, StringComparer.Ordinal),
    ];

    /// <summary>The group that a definition of a Cluster API provider adds; null for others.</summary>
    public static string? ProviderGroupOf(DynamicObject definition) =>
        definition.Metadata.Labels?.Keys.Any(label => label == "cluster.x-k8s.io/provider" || label.StartsWith("cluster.x-k8s.io/v1", StringComparison.Ordinal)) == true
            ? (string?)definition.At("spec", "group")
            : null;

    /// <summary>Tokens of ServiceAccounts mean nothing to another cluster, and every namespace gets its copy of the authority anew.</summary>
    public static bool IsMadeByCluster(DynamicObject item) => item.Kind switch
    {
        "Secret" => (string?)item.Root["type"] is "kubernetes.io/service-account-token" or "bootstrap.kubernetes.io/token" or ReleaseOwnership.Label,
        "ConfigMap" => item.Key.Name is "kube-root-ca.crt" or "openshift-service-ca.crt",
        _ => false,
    };
}

using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.References;

/// <summary>Names and keys of the documents beside a cluster; upstream's charts expect them. Pure.</summary>
internal static class DocumentPlaces
{
    public const string AuthenticationKey = "config";

    public const string AuditPolicyKey = "policy";

    private const string AuthenticationSuffix = "-auth-config";

    private const string AuditPolicySuffix = "-audit-policy";

    public static ObjectKey Authentication(ObjectKey cluster) => cluster with { Name = cluster.Name + AuthenticationSuffix };

    public static ObjectKey AuditPolicy(ObjectKey cluster) => cluster with { Name = cluster.Name + AuditPolicySuffix };

    public static IEnumerable<(ResourceKind Kind, ObjectKey Place, string Key)> OfAuthentication(ObjectKey cluster) =>
        [(CoreKinds.Secrets, Authentication(cluster), AuthenticationKey)];

    /// <summary>
    /// The ConfigMap is what upstream's charts mount. Machines of kubeadm take files from Secrets only: the catalog's charts name the Secret, so that what
    /// they render does not depend on what Helm can read in the cluster.
    /// </summary>
    public static IEnumerable<(ResourceKind Kind, ObjectKey Place, string Key)> OfAuditPolicy(ObjectKey cluster) =>
        [(CoreKinds.ConfigMaps, AuditPolicy(cluster), AuditPolicyKey), (CoreKinds.Secrets, AuditPolicy(cluster), AuditPolicyKey)];

    /// <summary>The cluster that a Secret of this name would be a document of.</summary>
    public static ObjectKey? ClusterOf(ObjectKey secret) =>
        secret.Name.EndsWith(AuthenticationSuffix, StringComparison.Ordinal) ? secret with { Name = secret.Name[..^AuthenticationSuffix.Length] }
        : secret.Name.EndsWith(AuditPolicySuffix, StringComparison.Ordinal) ? secret with { Name = secret.Name[..^AuditPolicySuffix.Length] }
        : null;
}

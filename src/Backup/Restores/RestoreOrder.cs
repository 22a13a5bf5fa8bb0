using Fleet.Contracts;

namespace Fleet.Backup.Restores;

/// <summary>
/// In which order kinds come back. What controllers act on comes after everything they would look for: a Cluster that is there before its Secrets gets new ones, and
/// a ClusterDeployment that is there before its Cluster makes a new one. Pure.
/// </summary>
internal static class RestoreOrder
{
    public const int Namespaces = 0;
    public const int Rights = 10;
    public const int Settings = 20;
    public const int Declarations = 30;
    public const int ClusterApi = 40;
    public const int Credentials = 50;
    public const int Management = 60;
    public const int Clusters = 70;
    public const int ServiceSets = 80;

    /// <summary>Last: it deletes the ServiceSets of clusters that it does not find.</summary>
    public const int FleetWideServices = 90;

    public static int Of(string group, string kind) => (group, kind) switch
    {
        ("", "Namespace") => Namespaces,
        ("", "ServiceAccount") or ("rbac.authorization.k8s.io", _) => Rights,
        ("", _) => Settings,
        (FleetApi.Group, "Credential") => Credentials,
        (FleetApi.Group, "Management" or "Region" or "AccessManagement") => Management,
        (FleetApi.Group, "ClusterDeployment") => Clusters,
        (FleetApi.Group, "ServiceSet") => ServiceSets,
        (FleetApi.Group, "MultiClusterService" or "NamespacedMultiClusterService") => FleetWideServices,
        (FleetApi.Group or FleetApi.SourceGroup, _) => Declarations,
        _ => ClusterApi,
    };
}

/// <summary>Objects of one step are restored side by side; within <see cref="RestoreOrder"/> owners come before what they own.</summary>
internal readonly record struct RestoreStep(int Order, int Depth) : IComparable<RestoreStep>
{
    public int CompareTo(RestoreStep other) => Order != other.Order ? Order.CompareTo(other.Order) : Depth.CompareTo(other.Depth);
}

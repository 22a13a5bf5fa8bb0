using Fleet.Kubernetes.Objects;

namespace Fleet.Control.Clusters;

/// <summary>
/// The management cluster as a target of services. No object can have its name, so it is never taken for a ClusterDeployment's cluster. Services reach it by
/// the kubeconfig of a Secret that whoever administers Fleet has put beside them: they get that one's rights, not Fleet's, and none without it.
/// </summary>
public static class ManagementCluster
{
    /// <summary>The kubeconfig is its key <c>value</c>.</summary>
    public const string KubeconfigSecret = "fleet-management-kubeconfig";

    private const string Name = "@management";

    /// <summary>Of names of ServiceSets, where upstream has the cluster's.</summary>
    public const string Prefix = "management";

    public static ObjectKey In(string @namespace) => new(@namespace, Name);

    public static bool Is(ObjectKey cluster) => cluster.Name == Name;
}

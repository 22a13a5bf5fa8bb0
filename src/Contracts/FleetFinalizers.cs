namespace Fleet.Contracts;

/// <summary>Finalizers that Fleet sets or clears; the names are upstream's, so that objects can be taken over.</summary>
public static class FleetFinalizers
{
    public const string ClusterDeployment = "k0rdent.mirantis.com/cluster-deployment";

    public const string Credential = "k0rdent.mirantis.com/credential";

    public const string ServiceSet = "k0rdent.mirantis.com/service-set";

    public const string MultiClusterService = "k0rdent.mirantis.com/multi-cluster-service";

    public const string Management = "k0rdent.mirantis.com/management";

    public const string ClusterDataSource = "k0rdent.mirantis.com/cluster-data-source";

    public const string Region = "k0rdent.mirantis.com/region";

    /// <summary>Rendered by cluster charts on the infrastructure cluster; dropped when its Machines are gone.</summary>
    public const string Cleanup = "k0rdent.mirantis.com/cleanup";
}

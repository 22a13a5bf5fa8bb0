namespace Fleet.Contracts;

/// <summary>Annotations of charts that state what a template needs.</summary>
public static class FleetAnnotations
{
    /// <summary>Comma-separated providers, for instance <c>infrastructure-aws, bootstrap-kubeadm</c>.</summary>
    public const string ChartProviders = "cluster.x-k8s.io/provider";

    /// <summary>Prefix of the annotations that state the contract version of one provider.</summary>
    public const string ChartContractPrefix = "cluster.x-k8s.io/";

    public const string ChartKubernetesVersion = "k0rdent.mirantis.com/k8s-version";

    public const string ChartKubernetesConstraint = "k0rdent.mirantis.com/k8s-version-constraint";
}

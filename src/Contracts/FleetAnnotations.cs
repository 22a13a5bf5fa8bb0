namespace Fleet.Contracts;

/// <summary>Annotations with a meaning for Fleet: of charts, which state what a template needs, and of objects.</summary>
public static class FleetAnnotations
{
    /// <summary>Comma-separated providers, for instance <c>infrastructure-aws, bootstrap-kubeadm</c>.</summary>
    public const string ChartProviders = "cluster.x-k8s.io/provider";

    /// <summary>Prefix of the annotations that state the contract version of one provider.</summary>
    public const string ChartContractPrefix = "cluster.x-k8s.io/";

    public const string ChartKubernetesVersion = "k0rdent.mirantis.com/k8s-version";

    public const string ChartKubernetesConstraint = "k0rdent.mirantis.com/k8s-version-constraint";

    /// <summary>On a Region: nothing in it is reconciled while the annotation is there, whatever its value.</summary>
    public const string RegionPause = "k0rdent.mirantis.com/region-pause";

    /// <summary>On a Release made before releases could name it: the ProviderTemplate of regional clusters.</summary>
    public const string RegionalTemplate = "k0rdent.mirantis.com/kcm-regional-template";

    /// <summary>Refuses deletions. Ours: upstream has no such annotation.</summary>
    public const string DeletionProtection = "k0rdent.mirantis.com/deletion-protection";
}

namespace Fleet.Contracts;

/// <summary>Labels, annotations and finalizers with a meaning for Fleet; the names are upstream's.</summary>
public static class FleetLabels
{
    /// <summary>On everything that Fleet creates.</summary>
    public const string Managed = "k0rdent.mirantis.com/managed";

    public const string Component = "k0rdent.mirantis.com/component";

    /// <summary>Name of the Helm release that an object of the management cluster belongs to; how the CAPI Cluster is found.</summary>
    public const string HelmReleaseName = "helm.toolkit.fluxcd.io/name";

    public const string HelmReleaseNamespace = "helm.toolkit.fluxcd.io/namespace";

    public const string Adapter = "ksm.k0rdent.mirantis.com/adapter";

    public const string ServiceSetPaused = "k0rdent.mirantis.com/service-set-paused";

    /// <summary>Name of the Region that an object belongs to.</summary>
    public const string Region = "k0rdent.mirantis.com/region";

    /// <summary>On copies that a cluster needs in its region: uid of the ClusterDeployment. Ours.</summary>
    public const string CopyFor = "k0rdent.mirantis.com/copy-for";

    /// <summary>On the object that stands for the management cluster itself.</summary>
    public const string ManagementCluster = "k0rdent.mirantis.com/management-cluster";

    /// <summary>Followed by namespace and name of a Credential: on copies that it needs.</summary>
    public const string CredentialPrefix = "k0rdent.mirantis.com/credential.";

    /// <summary>On a machine template that is no longer part of the release and stays until no machine uses it: name of the ClusterDeployment. Ours.</summary>
    public const string SupersededIn = "k0rdent.mirantis.com/superseded-in";

    /// <summary>On a ManagementBackup that was made before an upgrade: name of the Release that was installed.</summary>
    public const string ReleaseBackup = "k0rdent.mirantis.com/release-backup";

    /// <summary>On a ConfigMap of health rules: <c>global</c>, or the name of the ClusterDeployment or MultiClusterService whose services they judge.</summary>
    public const string HealthRuleTarget = "k0rdent.mirantis.com/health-rule-target";
}

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

    /// <summary>On a Region: uid of the namespace kube-system of the cluster that is to take the place of the one that clusters were made in. Ours.</summary>
    public const string RegionAcceptCluster = "k0rdent.mirantis.com/region-accept-cluster";

    /// <summary>On a Release made before releases could name it: the ProviderTemplate of regional clusters.</summary>
    public const string RegionalTemplate = "k0rdent.mirantis.com/kcm-regional-template";

    /// <summary>
    /// On a ClusterDeployment or ServiceSet: <c>Orphan</c> forgets it and leaves what it made as it is, <c>Force</c> skips what holds a deletion up.
    /// </summary>
    public const string DeletionPolicy = "k0rdent.mirantis.com/deletion-policy";

    /// <summary><c>Always</c>: may not be deleted. <c>Cascading</c>: may not be deleted while services are in the cluster. Ours: upstream has no such annotation.</summary>
    public const string DeletionProtection = "k0rdent.mirantis.com/deletion-protection";

    /// <summary>A person has seen that many clusters are being deleted and wants this one to go, too. Its value means nothing.</summary>
    public const string DeletionAcknowledged = "k0rdent.mirantis.com/deletion-acknowledged";

    /// <summary>Followed by a phase in lower case (<c>deadline-infrastructure: 20m</c>): how long the phase may take before it counts as failed.</summary>
    public const string DeadlinePrefix = "k0rdent.mirantis.com/deadline-";

    /// <summary><c>true</c>: a Helm release of this name that was made for another ClusterDeployment, or was orphaned, is taken over.</summary>
    public const string TakeOver = "k0rdent.mirantis.com/take-over";

    /// <summary>On a ClusterDeployment: nothing is written to the cluster or its release while the annotation is there, unless it says <c>false</c>. Ours.</summary>
    public const string Paused = "k0rdent.mirantis.com/paused";

    /// <summary>
    /// On a ClusterDeployment that was restored from a backup: the uid it was first made with, by which its Helm release knows it. Without it a restored cluster
    /// would look like another one of this name. Ours.
    /// </summary>
    public const string RestoredUid = "k0rdent.mirantis.com/restored-uid";

    /// <summary>
    /// On a ClusterDeployment: Unix seconds of the restore that brought it here. On the namespace kube-system of its cluster: the same, and the uid of the management cluster's
    /// own kube-system. A management cluster that finds another one with a later epoch there does nothing to the cluster. Ours.
    /// </summary>
    public const string ManagementEpoch = "k0rdent.mirantis.com/management-epoch";

    /// <summary>On a ClusterDeployment: <c>true</c> takes it back to its last good template when an upgrade fails. Ours.</summary>
    public const string UpgradeRollback = "k0rdent.mirantis.com/upgrade-rollback";

    /// <summary>On a ClusterDeployment: how long an upgrade may take before it counts as failed, for instance <c>45m</c>. Ours.</summary>
    public const string UpgradeDeadline = "k0rdent.mirantis.com/upgrade-deadline";

    /// <summary>On a worker pool that Fleet keeps paused until the control plane has its new version. Ours.</summary>
    public const string HeldForControlPlane = "k0rdent.mirantis.com/held-for-control-plane";

    /// <summary>On a ServiceSet that is paused because its cluster is. Ours.</summary>
    public const string PausedWithCluster = "k0rdent.mirantis.com/paused-with-cluster";

    /// <summary>
    /// On a ServiceSet: services that a person keeps from following their declaration, as JSON: <c>{"NAMESPACE/NAME": {"revision": 3, "by": "…", "since": "…"}}</c>. With a revision the
    /// service is rolled back to it and stays there until it is declared otherwise; without one it stays as it is until the entry goes. Ours.
    /// </summary>
    public const string HeldServices = "k0rdent.mirantis.com/held-services";

    /// <summary>On a Credential: a new value makes Fleet look at it again at once. Flux' own annotation, so that its users know it.</summary>
    public const string ReconcileRequested = "reconcile.fluxcd.io/requestedAt";

    /// <summary>On a Management: name of a Release; the upgrade to that one waits for no backup. Ours.</summary>
    public const string SkipUpgradeBackup = "k0rdent.mirantis.com/skip-upgrade-backup";

    /// <summary>On an object of a service: <c>ignore</c> takes it out of the service's health. Ours.</summary>
    public const string Health = "k0rdent.mirantis.com/health";

    /// <summary>On a ConfigMap, a Secret or a source of manifests: what is in it are templates. Sveltos' own, which upstream's objects carry; its value does not count.</summary>
    public const string SveltosTemplate = "projectsveltos.io/template";
}

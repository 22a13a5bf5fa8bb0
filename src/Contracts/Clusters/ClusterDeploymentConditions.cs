using Fleet.Contracts.Conditions;

namespace Fleet.Contracts.Clusters;

/// <summary>
/// Conditions of ClusterDeployment; types and reasons are upstream's. All are good when True, except Deleting and Paused, which exist
/// only while they apply.
/// </summary>
public static class ClusterDeploymentConditions
{
    /// <summary>The ClusterTemplate exists and is valid.</summary>
    public static ConditionType TemplateReady { get; } = new("TemplateReady");

    /// <summary>The cluster chart accepts the values.</summary>
    public static ConditionType HelmChartReady { get; } = new("HelmChartReady");

    /// <summary>The Helm release of the cluster chart is installed as wanted.</summary>
    public static ConditionType HelmReleaseReady { get; } = new("HelmReleaseReady");

    /// <summary>The Credential exists and is ready.</summary>
    public static ConditionType CredentialReady { get; } = new("CredentialReady");

    /// <summary>The ClusterAuthentication that the spec names is there, and so is its certificate authority. Absent when the spec names none, as with the next three.</summary>
    public static ConditionType ClusterAuthenticationReady { get; } = new("ClusterAuthenticationReady");

    /// <summary>The ClusterAuditPolicy that the spec names is there.</summary>
    public static ConditionType ClusterAuditPolicyReady { get; } = new("ClusterAuditPolicyReady");

    /// <summary>The DataSource that the spec names is there.</summary>
    public static ConditionType DataSourceReady { get; } = new("DataSourceReady");

    /// <summary>The cluster has its database in the DataSource.</summary>
    public static ConditionType ClusterDataSourceReady { get; } = new("ClusterDataSourceReady");

    /// <summary>The claim of addresses that the spec names or has made is bound. Ours: upstream waits without saying so.</summary>
    public static ConditionType ClusterIpamClaimReady { get; } = new("ClusterIPAMClaimReady");

    /// <summary>The CAPI Cluster of the release, summed up. Absent for templates without one.</summary>
    public static ConditionType CapiClusterSummary { get; } = new("CAPIClusterSummary");

    /// <summary>The API server of the cluster answers to the kubeconfig that users get. Ours: upstream has no such condition.</summary>
    public static ConditionType ClusterReachable { get; } = new("ClusterReachable");

    /// <summary>As many nodes as wanted are Ready, and for adopted clusters all of them. Unknown while nobody can tell. Ours: upstream has no such condition.</summary>
    public static ConditionType NodesReady { get; } = new("NodesReady");

    /// <summary>True when every service is Deployed; the message is "x/y". Does not make the cluster unready.</summary>
    public static ConditionType ServicesInReadyState { get; } = new("ServicesInReadyState");

    public static ConditionType ServicesDependencyValidation { get; } = new("ServicesDependencyValidation");

    /// <summary>
    /// Exists, as False, only while services are held because the cluster's version of Kubernetes is none that their templates name. Like services that
    /// are not ready, it does not make the cluster unready. Ours: upstream refuses such a ClusterDeployment.
    /// </summary>
    public static ConditionType ServicesCompatible { get; } = new("ServicesCompatible");

    /// <summary>The template's chart has another name than the installed one.</summary>
    public static ConditionType HelmChartNameChanged { get; } = new("HelmChartNameChanged");

    /// <summary>
    /// Exists only while a change of the release is on its way through the machines (True; the reason is the phase), is held by a rule or has missed
    /// its deadline (False). Ours: upstream has no such condition.
    /// </summary>
    public static ConditionType Upgrading { get; } = new("Upgrading");

    /// <summary>Exists only while the cluster is kept at its last good template although the spec says otherwise. Ours.</summary>
    public static ConditionType RolledBack { get; } = new("RolledBack");

    public static ConditionType CloudResourcesDeleted { get; } = new("CloudResourcesDeletedCondition");

    // Reasons of CAPIClusterSummary.
    public static Reason CapiClusterMissing { get; } = new("CAPIClusterMissing");

    public static Reason CapiClusterNotReady { get; } = new("CAPIClusterNotReady");

    // Reasons of ClusterReachable.
    public static Reason KubeconfigMissing { get; } = new("KubeconfigMissing");

    public static Reason KubeconfigInvalid { get; } = new("KubeconfigInvalid");

    public static Reason ProbeFailed { get; } = new("ProbeFailed");

    // Reasons of NodesReady.
    public static Reason NodesNotReady { get; } = new("NodesNotReady");

    /// <summary>The cluster has no nodes, and none are declared.</summary>
    public static Reason NoNodes { get; } = new("NoNodes");
    // Reasons of Upgrading beside the phases and the rules that hold an upgrade.
    public static Reason DeadlineExceeded { get; } = new("DeadlineExceeded");

    /// <summary>Of HelmReleaseReady: the release stays as it is, because a rule holds the upgrade.</summary>
    public static Reason UpgradeHeld { get; } = new("UpgradeHeld");

    // Reasons of RolledBack.
    public static Reason HelmFailed { get; } = new("HelmFailed");

    // Reasons of Paused.
    public static Reason CapiClusterPaused { get; } = new("CAPIClusterPaused");

    /// <summary>Of conditions that the region would have to be asked for: it cannot be worked with now, so what was seen last is told. Ours.</summary>
    public static Reason RegionUnavailable { get; } = new("RegionUnavailable");

    // Reasons of Deleting, in the order of the steps.

    /// <summary>Nothing is deleted: the object is protected. Ours.</summary>
    public static Reason DeletionProtected { get; } = new("DeletionProtected");

    /// <summary>Nothing is deleted: too large a part of the fleet would go. Ours.</summary>
    public static Reason DeletionBreakerOpen { get; } = new("DeletionBreakerOpen");

    /// <summary>Nothing is deleted: it cannot be told now how many deletions have begun. Goes by itself, unlike the open breaker. Ours.</summary>
    public static Reason DeletionNotCounted { get; } = new("DeletionNotCounted");

    public static Reason WaitingForServiceSetsDeletion { get; } = new("WaitingForServiceSetsDeletion");

    public static Reason WaitingForCloudResourcesDeletion { get; } = new("WaitingForCloudResourcesDeletion");

    /// <summary>What is left of the cluster is in a region that cannot be worked with now. Ours.</summary>
    public static Reason WaitingForRegion { get; } = new("WaitingForRegion");

    public static Reason WaitingForHelmReleaseDeletion { get; } = new("WaitingForHelmReleaseDeletion");

    public static Reason WaitingForClusterDataSourceDeletion { get; } = new("WaitingForClusterDataSourceDeletion");

    public static Reason WaitingForClusterDeletion { get; } = new("WaitingForClusterDeletion");

    public static Reason DeletionCompleted { get; } = new("DeletionCompleted");
}

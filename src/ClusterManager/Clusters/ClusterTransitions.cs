using Fleet.Contracts.Conditions;
using static Fleet.Contracts.Clusters.ClusterDeploymentConditions;

namespace Fleet.ClusterManager.Clusters;

/// <summary>An event to tell, in upstream's words where it has them.</summary>
internal sealed record ClusterTransition(string Reason, string Message, bool IsWarning);

/// <summary>What is worth an event: conditions whose status or reason has changed. Pure.</summary>
internal static class ClusterTransitions
{
    public static IEnumerable<ClusterTransition> Between(IReadOnlyList<Condition> before, IReadOnlyList<Condition> after)
    {
        foreach (var condition in after)
        {
            var old = before.FirstOrDefault(other => other.Type == condition.Type);
            if (old is not null && old.Status == condition.Status && old.Reason == condition.Reason)
                continue;
            if (Of(condition, old) is { } transition)
                yield return transition;
        }
    }

    private static ClusterTransition? Of(Condition condition, Condition? before)
    {
        var failed = condition.Status == ConditionStatus.False && condition.Reason != Reason.Progressing;
        if (condition.Type == SharedConditions.Deleting)
            return new(condition.Reason.Value, condition.Message, condition.Reason == DeletionProtected || condition.Reason == DeletionBreakerOpen || condition.Reason == DeletionNotCounted);
        if (condition.Type == SharedConditions.Ready && condition.Reason == Reason.Failed && before?.Reason == Reason.Deleting)
            return new("DeletionOverdue", condition.Message, true);
        if (condition.Type == Upgrading)
            return condition.Status == ConditionStatus.True
                ? new("Upgrading", condition.Message, false)
                : new(condition.Reason == DeadlineExceeded ? "UpgradeFailed" : "UpgradeHeld", condition.Message, true);
        if (condition.Type == RolledBack && condition.Reason != Reason.Progressing)
            return new("UpgradeRolledBack", condition.Message, true);
        if (condition.Type == SharedConditions.Paused)
            return new("Paused", condition.Message, false);
        if (condition.Type == SharedConditions.Ready && condition.Status == ConditionStatus.True)
            return new("ClusterReady", condition.Message, false);
        if (condition.Type == HelmReleaseReady && condition.Status == ConditionStatus.True)
            return new(before is null || before.Status != ConditionStatus.True ? "HelmReleaseCreated" : "HelmReleaseUpgraded", condition.Message, false);
        if (!failed || condition.Type == SharedConditions.Ready)
            return null;
        var reason = condition.Type == TemplateReady ? "InvalidClusterTemplate"
            : condition.Type == CredentialReady ? "CredentialNotReady"
            : condition.Type == ClusterAuthenticationReady ? "ClusterAuthenticationError"
            : condition.Type == ClusterAuditPolicyReady ? "ClusterAuditPolicyError"
            : condition.Type == DataSourceReady || condition.Type == ClusterDataSourceReady ? "DataSourceError"
            : condition.Type == ClusterIpamClaimReady ? "ClusterIPAMClaimError"
            : condition.Type == HelmChartReady ? "InvalidHelmChart"
            : condition.Type == HelmReleaseReady ? "HelmReleaseFailed"
            : condition.Type == ClusterReachable ? "ClusterUnreachable"
            : condition.Type == CapiClusterSummary ? "ClusterNotReady"
            : null;
        return reason is null ? null : new(reason, condition.Message, true);
    }
}

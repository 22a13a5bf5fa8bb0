using System.Globalization;
using Fleet.ClusterManager.Connections;
using Fleet.Contracts.Conditions;
using static Fleet.Contracts.Clusters.ClusterDeploymentConditions;

namespace Fleet.ClusterManager.Clusters;

/// <summary>The condition ClusterReachable. Pure.</summary>
internal static class ReachableConditionFrom
{
    /// <param name="before">As it is in status: until somebody has asked again (a restart, a new kubeconfig), it stands.</param>
    public static Condition? Of(ClusterFacts facts, ClusterContact contact, Condition? before)
    {
        // Before the first answer a cluster is being made, afterwards it is broken.
        var isNew = !facts.IsAdopted && (before is null || before.Reason == Reason.Progressing);
        if (facts.Kubeconfig?.Text is null)
        {
            if (facts.IsAdopted ? facts.Credential is null : isNew && facts.Capi is null)
                return null;
            return Condition.False(ClusterReachable, isNew ? Reason.Progressing : KubeconfigMissing, $"Secret {facts.Kubeconfig?.Secret} has no kubeconfig in key value");
        }
        if (contact.IsReachable)
            return Condition.True(ClusterReachable, Reason.Succeeded, $"the API server answers ({contact.Version})");
        if (contact.Last is not { } last)
            return before ?? Condition.Unknown(ClusterReachable, Reason.Progressing, "the API server is being asked");

        var message = $"kubeconfig in Secret {facts.Kubeconfig.Secret}: {last.Problem}{LastAnswer(contact)}";
        // One failure right after a start tells nothing yet; what was True before must not stay so.
        if (contact.IsUnclear && !isNew && before?.Status != ConditionStatus.False)
            return Condition.Unknown(ClusterReachable, ProbeFailed, message);
        return Condition.False(ClusterReachable, isNew ? Reason.Progressing : last.KubeconfigInvalid ? KubeconfigInvalid : ProbeFailed, message);
    }

    private static string LastAnswer(ClusterContact contact)
    {
        if (contact.Answered is not { } at)
            return "";
        var time = at.UtcDateTime.ToString(contact.SinceAnswer < TimeSpan.FromDays(1) ? "HH:mm:ss'Z'" : "yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return $"; last answered {time}, {Ago.Of(contact.SinceAnswer)} ago";
    }
}

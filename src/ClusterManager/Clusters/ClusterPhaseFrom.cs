using Fleet.ClusterManager.Capi;
using Fleet.ClusterManager.Phases;
using Fleet.ClusterManager.References;
using Fleet.Contracts.Clusters;
using Fleet.Contracts.Conditions;
using static Fleet.Contracts.Clusters.ClusterDeploymentConditions;

namespace Fleet.ClusterManager.Clusters;

/// <summary>Which phase a cluster is in, and what becomes of its conditions when that takes too long. Pure.</summary>
internal static class ClusterPhaseFrom
{
    private static readonly ConditionType[] OfMachines = [HelmReleaseReady, CapiClusterSummary, ClusterReachable, NodesReady];

    /// <summary>The first phase that something progresses in; null when nothing does.</summary>
    public static string? Of(ClusterFacts facts, ClusterPlan plan, IReadOnlyList<Condition> conditions)
    {
        bool Progresses(params ReadOnlySpan<ConditionType> types)
        {
            foreach (var condition in conditions)
                if (types.Contains(condition.Type) && IsProgress(condition))
                    return true;
            return false;
        }

        if (Progresses(TemplateReady, HelmChartReady))
            return ClusterPhases.Template;
        if (Progresses(CredentialReady))
            return ClusterPhases.Credential;
        if (Progresses(HelmReleaseReady))
            return plan.Release == ReleaseStep.Hold ? ClusterPhases.Credential : ClusterPhases.Infrastructure;
        if (Progresses(CapiClusterSummary))
            return facts.Capi is { } cluster ? CapiSummary.PhaseOf(cluster) : ClusterPhases.Infrastructure;
        if (Progresses(ClusterReachable))
            return ClusterPhases.ControlPlane;
        return Progresses(NodesReady) ? ClusterPhases.Workers : Progresses(ServicesInReadyState) ? ClusterPhases.Services : null;
    }

    public static IEnumerable<Condition> Judge(IEnumerable<Condition> conditions, PhaseOverdue? overdue) =>
        overdue is null ? conditions : conditions.Select(condition => IsProgress(condition) && ConcernedBy(overdue.Phase).Contains(condition.Type) ? Failed(condition, overdue) : condition);

    private static bool IsProgress(Condition condition) => condition.Status != ConditionStatus.True && condition.Reason == Reason.Progressing;

    private static ConditionType[] ConcernedBy(string phase) => phase switch
    {
        ClusterPhases.Template => [TemplateReady, HelmChartReady],
        ClusterPhases.Credential => [CredentialReady, HelmReleaseReady, .. ResolvedReferences.ConditionTypes],
        ClusterPhases.Services => [ServicesInReadyState],
        _ => OfMachines,
    };

    private static Condition Failed(Condition condition, PhaseOverdue overdue)
    {
        // The message of services is a column: "x/y".
        var message = condition.Type == ServicesInReadyState ? condition.Message
            : overdue.IsWhole ? $"Cluster is not ready. Check the provider logs for more details.\n{condition.Message}"
            : $"{overdue.Phase} takes longer than {DeadlineWords.Of(overdue.Deadline)}: {condition.Message}";
        return Condition.False(condition.Type, Reason.Failed, message);
    }
}

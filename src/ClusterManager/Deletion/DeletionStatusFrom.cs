using Fleet.ClusterManager.Clusters;
using Fleet.Contracts.Clusters;
using Fleet.Contracts.Conditions;

namespace Fleet.ClusterManager.Deletion;

/// <summary>Status of a ClusterDeployment while it is being deleted. Pure.</summary>
internal static class DeletionStatusFrom
{
    public static ClusterDeploymentStatus Status(DeletionFacts facts) =>
        (facts.Object.Status ?? new()) with
        {
            Services = ClusterServices.States(facts.ServiceSets),
            ObservedGeneration = facts.Object.Metadata.Generation,
        };

    /// <summary>What was known before stays: it tells what is being deleted.</summary>
    public static IReadOnlyList<Condition> Conditions(DeletionFacts facts, DeletionStep step, string? failure)
    {
        var message = failure is null ? step.Message : $"{step.Message}: {failure}";
        var conditions = (facts.Object.Status?.Conditions ?? [])
            .Where(condition => ClusterConditionsFrom.Owned.Contains(condition.Type))
            .Where(condition => condition.Type != SharedConditions.Ready && condition.Type != SharedConditions.Deleting)
            .Append(Condition.True(SharedConditions.Deleting, step.Reason, message))
            .ToList();
        conditions.Add(ConditionSummary.Ready(conditions));
        return [.. conditions.Select(condition => condition with { ObservedGeneration = facts.Object.Metadata.Generation })];
    }
}

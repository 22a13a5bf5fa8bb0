using Fleet.ClusterManager.Clusters;
using Fleet.ClusterManager.Phases;
using Fleet.Contracts.Clusters;
using Fleet.Contracts.Conditions;
using static Fleet.Contracts.Clusters.ClusterDeploymentConditions;

namespace Fleet.ClusterManager.Deletion;

/// <summary>Status of a ClusterDeployment while it is being deleted. Pure.</summary>
internal static class DeletionStatusFrom
{
    public static ClusterDeploymentStatus Status(DeletionFacts facts, DeletionStep step, DeletionProgress progress, string? failure) =>
        (facts.Object.Status ?? new()) with
        {
            Services = ClusterServices.States(facts.ServiceSets),
            Progress = null,
            Deletion = new()
            {
                Phase = step.Phase.ToString(),
                Since = progress.Since,
                Deadline = progress.Since + progress.Deadline,
                Policy = facts.Policy.ToString(),
                Skipped = progress.Skipped.Count == 0 ? null : [.. progress.Skipped.Order().Select(phase => phase.ToString())],
                Blockers = step.Blockers.Count == 0 ? null : [.. step.Blockers.Select((blocker, i) => i == 0 && failure is not null ? blocker with { Reason = failure } : blocker)],
            },
            ObservedGeneration = facts.Object.Metadata.Generation,
        };

    /// <summary>What was known before stays: it tells what is being deleted.</summary>
    public static IReadOnlyList<Condition> Conditions(DeletionFacts facts, DeletionStep step, DeletionProgress progress, string? failure)
    {
        var message = failure is null ? step.Message : $"{step.Message}: {failure}";
        if (step.IsOverdue)
            message = $"longer than {DeadlineWords.Of(progress.Deadline ?? TimeSpan.Zero)}, and still tried: {message}";
        var conditions = (facts.Object.Status?.Conditions ?? [])
            .Where(condition => ClusterConditionsFrom.Owned.Contains(condition.Type))
            .Where(condition => condition.Type != SharedConditions.Ready && condition.Type != SharedConditions.Deleting && condition.Type != CloudResourcesDeleted)
            .Append(Condition.True(SharedConditions.Deleting, step.Reason, message))
            .ToList();
        if (CloudResources(facts, step, progress) is { } cloud)
            conditions.Add(cloud);
        var ready = ConditionSummary.Ready(conditions);
        // Whoever waits for it must see that waiting alone does not help any more.
        conditions.Add(step.IsOverdue ? ready with { Reason = Reason.Failed } : ready);
        return [.. conditions.Select(condition => condition with { ObservedGeneration = facts.Object.Metadata.Generation })];
    }

    private static Condition? CloudResources(DeletionFacts facts, DeletionStep step, DeletionProgress progress)
    {
        if (facts.Object.Spec.CleanupOnDeletion != true || step.Phase <= DeletionPhase.Services)
            return null;
        if (step.Phase == DeletionPhase.Workloads)
            return Condition.False(CloudResourcesDeleted, Reason.Progressing, step.Message);
        var before = facts.Object.Status?.Conditions?.Find(condition => condition.Type == CloudResourcesDeleted);
        if (progress.Skipped.Contains(DeletionPhase.Workloads))
            return Condition.False(
                CloudResourcesDeleted, Reason.Failed,
                step.Abandoned.FirstOrDefault(left => left.Phase == DeletionPhase.Workloads)?.Message ?? before?.Message ?? "load balancers and volumes were left behind");
        return facts.Policy == DeletionPolicy.Delete
            ? Condition.True(CloudResourcesDeleted, Reason.Succeeded, "no load balancer and no volume of the cluster's workloads is left")
            : Condition.False(CloudResourcesDeleted, Reason.Failed, $"not looked for: the deletion policy is {facts.Policy}");
    }
}

/// <summary>What is remembered of a deletion from one step to the next.</summary>
internal sealed record DeletionProgress(DateTimeOffset Since, TimeSpan? Deadline, IReadOnlySet<DeletionPhase> Skipped);

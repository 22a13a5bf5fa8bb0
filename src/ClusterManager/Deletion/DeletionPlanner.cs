using static Fleet.Contracts.Clusters.ClusterDeploymentConditions;

namespace Fleet.ClusterManager.Deletion;

/// <summary>
/// The next step of a deletion, worked out anew from what is left: services leave the live cluster first, then what their workloads have made, then the
/// Helm release goes and with it the CAPI objects, then the provider takes its time, and only then the object itself may go. Pure.
/// </summary>
internal static class DeletionPlanner
{
    public static DeletionStep Next(DeletionFacts facts, DeletionDeadlines deadlines)
    {
        if (facts.Hold is { } hold)
            return new(DeletionPhase.Held, DeletionAction.Wait, hold.Reason, hold.Message);
        var abandoned = new List<AbandonedPhase>();
        var step = OfServices(facts, deadlines, abandoned)
            ?? (facts.Policy == DeletionPolicy.Orphan
                ? OfOrphan(facts)
                : OfRegion(facts, deadlines, abandoned) ?? OfWorkloads(facts, deadlines, abandoned) ?? OfRelease(facts, deadlines, abandoned)
                    ?? OfCluster(facts, deadlines, abandoned) ?? OfCopies(facts) ?? OfDataSource(facts, deadlines, abandoned))
            ?? new(DeletionPhase.Finalizer, DeletionAction.RemoveFinalizer, DeletionCompleted, "everything of the cluster is gone");
        return step with
        {
            Abandoned = abandoned,
            IsOverdue = step.Action != DeletionAction.RemoveFinalizer && deadlines.Of(step.Phase) is { } deadline && facts.IsOver(step.Phase, deadline),
        };
    }

    private static DeletionStep? OfServices(DeletionFacts facts, DeletionDeadlines deadlines, List<AbandonedPhase> abandoned)
    {
        if (facts.ServiceSets.Count == 0)
            return null;
        var deadline = deadlines.Of(DeletionPhase.Services)!.Value;
        DeletionStep Step(DeletionAction action) => new(DeletionPhase.Services, action, WaitingForServiceSetsDeletion, DeletionBlockers.Text(DeletionBlockers.Of(facts.ServiceSets)))
        {
            Blockers = DeletionBlockers.Of(facts.ServiceSets),
        };
        var isForgotten = facts.ServiceSets.All(set => set.Metadata.IsBeingDeleted && DeletionBlockers.IsOrphan(set));
        if (facts.Policy != DeletionPolicy.Delete || facts.IsOver(DeletionPhase.Services, deadline) || facts.Skipped.Contains(DeletionPhase.Services))
        {
            if (isForgotten)
                return facts.IsOver(DeletionPhase.Services, (facts.Policy == DeletionPolicy.Delete ? deadline : TimeSpan.Zero) + deadlines.ForceGrace)
                    ? Step(DeletionAction.ReleaseServiceSets)
                    : Step(DeletionAction.Wait);
            if (facts.Policy != DeletionPolicy.Orphan && !facts.Skipped.Contains(DeletionPhase.Services))
                abandoned.Add(new(DeletionPhase.Services, $"services were not removed from the cluster: {DeletionBlockers.Text(DeletionBlockers.Of(facts.ServiceSets))}"));
            return Step(DeletionAction.ForgetServiceSets);
        }
        return Step(facts.ServiceSets.All(set => set.Metadata.IsBeingDeleted) ? DeletionAction.Wait : DeletionAction.DeleteServiceSets);
    }

    /// <summary>Only while there is a cluster that will go: what an adopted cluster has stays its owner's.</summary>
    public static bool WantsCleanup(DeletionFacts facts) =>
        facts.Object.Spec.CleanupOnDeletion == true
        && facts.Policy == DeletionPolicy.Delete
        && facts.Capi is { BeingDeleted: false }
        && facts.Release is { IsUninstalled: false }
        && !facts.Skipped.Contains(DeletionPhase.Workloads);

    private static DeletionStep? OfWorkloads(DeletionFacts facts, DeletionDeadlines deadlines, List<AbandonedPhase> abandoned)
    {
        if (!WantsCleanup(facts) || facts.Leftovers is not { } left || left is { Problem: null, Items.Count: 0 })
            return null;
        var blockers = DeletionBlockers.Of(left, facts.Capi!.Key);
        var text = DeletionBlockers.Text(blockers);
        if (facts.IsOver(DeletionPhase.Workloads, deadlines.Of(DeletionPhase.Workloads)!.Value))
        {
            abandoned.Add(new(DeletionPhase.Workloads, $"left behind in the cloud: {text}"));
            return null;
        }
        var action = left.Problem is null && left.Items.Any(item => !item.BeingDeleted) ? DeletionAction.DeleteLeftovers : DeletionAction.Wait;
        return new(DeletionPhase.Workloads, action, WaitingForCloudResourcesDeletion, text) { Blockers = blockers };
    }

    /// <summary>What is left in a region that cannot be asked is not known: it is waited for, and only a forced deletion leaves it behind.</summary>
    private static DeletionStep? OfRegion(DeletionFacts facts, DeletionDeadlines deadlines, List<AbandonedPhase> abandoned)
    {
        if (!facts.IsAway || facts.Skipped.Contains(DeletionPhase.Release))
            return null;
        var region = facts.Region!;
        if (facts.Policy == DeletionPolicy.Force && facts.IsOver(DeletionPhase.Release, deadlines.ForceGrace))
        {
            abandoned.Add(new(DeletionPhase.Release, $"Helm release {facts.Object.Metadata.Key} and all that it made were left behind: {region.Text}"));
            return null;
        }
        return new(DeletionPhase.Release, DeletionAction.Wait, WaitingForRegion, region.Text)
        {
            Blockers = [new() { Kind = "Region", Name = region.Name, Reason = region.Text }],
        };
    }

    private static DeletionStep? OfCopies(DeletionFacts facts) =>
        facts.Copies.Count == 0 ? null
        : new(
            DeletionPhase.Cluster, facts.Copies.All(copy => copy.IsBeingDeleted) ? DeletionAction.Wait : DeletionAction.DeleteCopies, WaitingForClusterDeletion,
            $"{string.Join(", ", facts.Copies.Select(copy => $"{copy.Kind.Kind} {copy.Key}").Take(3))} in region {facts.Region?.Name} {(facts.Copies.Count == 1 ? "is" : "are")} being deleted")
        {
            Blockers = [.. facts.Copies.Take(DeletionBlockers.Most).Select(copy => new Contracts.Clusters.DeletionBlocker { Kind = copy.Kind.Kind, Namespace = copy.Key.Namespace, Name = copy.Key.Name })],
        };

    private static DeletionStep? OfRelease(DeletionFacts facts, DeletionDeadlines deadlines, List<AbandonedPhase> abandoned)
    {
        if (facts.Release is not { IsUninstalled: false })
            return null;
        var key = facts.Object.Metadata.Key;
        var step = new DeletionStep(DeletionPhase.Release, DeletionAction.UninstallRelease, WaitingForHelmReleaseDeletion, $"Helm release {key} is being uninstalled")
        {
            Blockers = [new() { Kind = "HelmRelease", Namespace = key.Namespace, Name = key.Name }],
        };
        if (facts.Policy != DeletionPolicy.Force || !facts.IsOver(DeletionPhase.Release, deadlines.ForceGrace))
            return step;
        abandoned.Add(new(DeletionPhase.Release, $"Helm release {key} could not be uninstalled: its records were dropped"));
        return step with { Action = DeletionAction.DropRelease };
    }

    private static DeletionStep? OfCluster(DeletionFacts facts, DeletionDeadlines deadlines, List<AbandonedPhase> abandoned)
    {
        if (facts.Capi is not { } cluster)
            return null;
        var blockers = DeletionBlockers.Of(cluster);
        var step = new DeletionStep(DeletionPhase.Cluster, DeletionAction.Wait, WaitingForClusterDeletion, DeletionBlockers.Text(cluster)) { Blockers = blockers };
        if (!cluster.BeingDeleted)
            return step with { Action = DeletionAction.DeleteCapiCluster };
        if (facts.Policy == DeletionPolicy.Force && facts.IsOver(DeletionPhase.Cluster, deadlines.ForceGrace))
        {
            abandoned.Add(new(DeletionPhase.Cluster, $"what the provider still had was left behind: {DeletionBlockers.Text(cluster)}"));
            return step with { Action = DeletionAction.AbandonInfrastructure };
        }
        return cluster is { Machines.Count: 0, HeldInfrastructure: not null } ? step with { Action = DeletionAction.ReleaseInfrastructure } : step;
    }

    private static DeletionStep? OfDataSource(DeletionFacts facts, DeletionDeadlines deadlines, List<AbandonedPhase> abandoned)
    {
        if (facts.DataSource is not { } source)
            return null;
        var key = facts.Object.Metadata.Key;
        var step = new DeletionStep(
            DeletionPhase.DataSource, source.BeingDeleted ? DeletionAction.Wait : DeletionAction.DeleteDataSource, WaitingForClusterDataSourceDeletion,
            $"ClusterDataSource {key} {(source.Error is { Length: > 0 } error ? $"says: {error}" : "is being deleted")}")
        {
            Blockers = [new() { Kind = "ClusterDataSource", Namespace = key.Namespace, Name = key.Name, Reason = source.Error }],
        };
        if (facts.Policy != DeletionPolicy.Force || !source.BeingDeleted || !facts.IsOver(DeletionPhase.DataSource, deadlines.ForceGrace))
            return step;
        abandoned.Add(new(DeletionPhase.DataSource, $"database {source.Schema} of DataSource {key.Namespace}/{source.DataSource} was left behind{(source.Error is { Length: > 0 } why ? $": {why}" : "")}"));
        return step with { Action = DeletionAction.AbandonDataSource };
    }

    private static DeletionStep? OfOrphan(DeletionFacts facts) =>
        facts.Release is { IsUninstalled: false, IsOrphan: false }
            ? new(DeletionPhase.Release, DeletionAction.OrphanRelease, WaitingForHelmReleaseDeletion, $"Helm release {facts.Object.Metadata.Key} is being let go")
            : null;

    private static bool IsOver(this DeletionFacts facts, DeletionPhase phase, TimeSpan deadline) => facts.Waited.IsOver(phase.ToString(), deadline);
}

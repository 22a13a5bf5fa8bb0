using Fleet.Contracts;
using Fleet.Contracts.Components;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Releases;

namespace Fleet.ClusterManager.Managements;

/// <summary>Why the components are left as they are. The reasons are upstream's. Pure.</summary>
internal sealed record ManagementGate(Reason Reason, string Message)
{
    /// <summary>Null when work may go on.</summary>
    public static ManagementGate? Of(ManagementFacts facts)
    {
        var name = facts.Object.Spec.Release;
        if (facts.Release is not { } release)
            return new(ComponentsConditions.ReleaseIsNotFound, $"Release {name} not found");
        if (release.Status is not { } status || status.ObservedGeneration != release.Metadata.Generation)
            return new(ComponentsConditions.ReleaseIsNotObserved, $"Release {name} has not been checked yet");
        if (status.Ready != true)
            return new(ComponentsConditions.ReleaseIsNotReady, $"Release {name} is not ready: {WhyNot(status)}");
        if (facts.Incompatible.Count > 0)
            return new(ComponentsConditions.HasIncompatibleContracts, string.Join("; ", facts.Incompatible));
        return Backup(facts) is { Status: not ConditionStatus.True } backup
            ? new(ComponentsConditions.NotAllComponentsHealthy, $"the upgrade from {facts.Object.Status?.Release} to {name} waits: {backup.Message}")
            : null;
    }

    /// <summary>Null while no upgrade has to wait for a backup.</summary>
    public static Condition? Backup(ManagementFacts facts)
    {
        if (!facts.IsUpgrade || facts.Backups.Count == 0 || facts.SkipsBackup)
            return null;
        var type = ComponentsConditions.UpgradeBackupCompleted;
        var instead = $"to upgrade without it set annotation {FleetAnnotations.SkipUpgradeBackup} to \"{facts.Object.Spec.Release}\"";
        if (facts.Backups.FirstOrDefault(backup => backup.HasFailed) is { } failed)
            return Condition.False(type, Reason.Failed, $"ManagementBackup {failed.Name} has failed ({failed.Error ?? failed.Phase}); delete it to try again, or {instead}");
        var open = facts.Backups.Where(backup => !backup.IsCompleted).Select(backup => backup.Name).ToList();
        return open.Count == 0
            ? Condition.True(type, Reason.Succeeded, $"ManagementBackup {string.Join(", ", facts.Backups.Select(backup => backup.Name))} is complete")
            : Condition.False(type, Reason.Progressing, $"ManagementBackup {string.Join(", ", open)} is not complete yet; {instead}");
    }

    private static string WhyNot(ReleaseStatus status) =>
        string.Join("; ", (status.Conditions ?? []).Where(condition => condition.Status != ConditionStatus.True).Select(condition => condition.Message));
}

using Fleet.Contracts;
using Fleet.Contracts.Backups;
using Fleet.Contracts.Validation;
using Fleet.Kubernetes.Schedules;

namespace Fleet.ClusterManager.Admission.Manifests;

/// <summary>A schedule that is one, in a time zone that is known, and a backup before upgrades only where there is a schedule.</summary>
internal sealed class ManagementBackupSpecRule() : TypedRule<ManagementBackupSpec>(ContractsJson.Default.ManagementBackupSpec)
{
    protected override IEnumerable<FieldProblem> Check(ManagementBackupSpec spec)
    {
        var isScheduled = spec.Schedule is { Length: > 0 };
        if (isScheduled && CronSchedule.Problem(spec.Schedule!) is { } problem)
            yield return new("spec.schedule", $"\"{spec.Schedule}\" is no schedule: {problem}; \"0 3 * * *\" is every day at 3");
        if (isScheduled && CronSchedule.TryParse(spec.Schedule) is { } schedule && schedule.Next(DateTimeOffset.UnixEpoch, TimeZoneInfo.Utc) is null)
            yield return new("spec.schedule", $"\"{spec.Schedule}\" names a day that never comes");
        if (!isScheduled && spec.PerformOnManagementUpgrade == true)
            yield return new("spec.performOnManagementUpgrade", "needs a schedule");
        if (spec.TimeZone is { Length: > 0 } zone && !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
            yield return new("spec.timeZone", $"\"{zone}\" is not known here; Europe/Paris is a time zone");
    }
}

using System.Globalization;
using Fleet.Backup.Targets;
using Fleet.Contracts;
using Fleet.Contracts.Backups;
using Fleet.Kubernetes.Schedules;

namespace Fleet.ClusterManager.Backups;

/// <summary>When a backup is made, and under which name. The same facts make the same name in every process, so that one run is never written twice. Pure.</summary>
internal static class BackupPlanner
{
    /// <summary>A clock that is corrected by less is waited for.</summary>
    public static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);

    public static readonly TimeSpan FirstRetry = TimeSpan.FromMinutes(1);

    public static readonly TimeSpan LongestRetry = TimeSpan.FromHours(1);

    /// <summary>Velero is waited for so long; a Backup of its that hangs must not end all of ours.</summary>
    public static readonly TimeSpan VeleroPatience = TimeSpan.FromHours(1);

    private static readonly TimeSpan VeleroLook = TimeSpan.FromSeconds(30);

    public static BackupPlan Plan(BackupFacts facts, DateTimeOffset now)
    {
        var (item, spec, status) = (facts.Object, facts.Object.Spec, facts.Object.Status ?? new());
        if (Problem(item) is { } problem)
            return new(BackupAction.Invalid) { Message = problem };
        if (IsSuspended(item))
            return new(BackupAction.Suspended);
        var schedule = spec.Schedule is { Length: > 0 } text ? CronSchedule.Parse(text) : null;
        var zone = ZoneOf(spec);
        var next = schedule?.Next(now, zone);
        if (status.LastBackup?.Phase == BackupPhase.InProgress && BackupName.TryParse(status.LastBackupName, out var begun))
            return new(BackupAction.Run) { Name = begun, Resumes = true, Due = status.LastScheduled, Request = status.LastRequest, Next = next };

        var created = item.Metadata.CreationTimestamp ?? now;
        var since = status.LastScheduled ?? created;
        if (schedule is not null && since > now + ClockTolerance)
            return new(BackupAction.Rebase) { Next = next, LookAt = next };
        return Held(facts, Wanted(facts, status, schedule, zone, since, now) with { Next = next }, status, now);
    }

    /// <summary>What is wrong with the spec by itself; null when nothing is.</summary>
    public static string? Problem(ManagementBackup item)
    {
        var spec = item.Spec;
        if (!BackupName.TryParse($"{item.Metadata.Name}-00000000000000", out _))
            return "metadata.name: archives are named by it, so it has up to 180 lower-case letters, digits, dots and dashes";
        if (spec.Schedule is { Length: > 0 } schedule)
        {
            if (CronSchedule.Problem(schedule) is { } problem)
                return $"spec.schedule: {problem}";
        }
        else if (spec.PerformOnManagementUpgrade == true)
        {
            return "spec.performOnManagementUpgrade needs a schedule";
        }

        return spec.TimeZone is { Length: > 0 } zone && !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _) ? $"spec.timeZone: {zone} is not known here; Europe/Paris is a time zone" : null;
    }

    /// <summary>Pauses between tries: a minute, doubled up to an hour.</summary>
    public static TimeSpan RetryAfter(int failures)
    {
        var pause = FirstRetry * Math.Pow(2, Math.Clamp(failures - 1, 0, 10));
        return pause < LongestRetry ? pause : LongestRetry;
    }

    private static BackupPlan Wanted(BackupFacts facts, ManagementBackupStatus status, CronSchedule? schedule, TimeZoneInfo zone, DateTimeOffset since, DateTimeOffset now)
    {
        var (item, name) = (facts.Object, facts.Object.Metadata.Name!);
        if (item.Metadata.Annotations?.GetValueOrDefault(FleetAnnotations.ReconcileRequested) is { Length: > 0 } request && request != status.LastRequest)
            return new(BackupAction.Run) { Name = BackupName.At(name, TimeOf(request) ?? now), Request = request, Due = status.LastScheduled };
        if (schedule?.LatestDue(since, now, zone) is { } due)
            return new(BackupAction.Run) { Name = BackupName.At(name, due), Due = due, Request = status.LastRequest };
        if (status.LastBackup is null && schedule is null)
            return new(BackupAction.Run) { Name = BackupName.Parse(name), Request = status.LastRequest };
        if (status.LastBackup?.Phase == BackupPhase.Failed && BackupName.TryParse(status.LastBackupName, out var failed))
        {
            var ended = status.LastBackup.CompletionTimestamp ?? now;
            var again = ended + RetryAfter(status.Failures ?? 1);
            // An end that lies ahead of now was told by another clock.
            if (now >= again || facts.HasKeyNow || ended > now + ClockTolerance || status.ObservedGeneration != item.Metadata.Generation)
                return new(BackupAction.Run) { Name = failed, Due = status.LastScheduled, Request = status.LastRequest };
            return new(BackupAction.Wait) { LookAt = Earlier(again, schedule?.Next(now, zone)) };
        }

        return new(BackupAction.Wait) { LookAt = schedule?.Next(now > since ? now : since, zone) };
    }

    private static BackupPlan Held(BackupFacts facts, BackupPlan wanted, ManagementBackupStatus status, DateTimeOffset now)
    {
        if (wanted.Action != BackupAction.Run || facts.VeleroRuns is not { } velero || wanted.Request != status.LastRequest || wanted.Due is not { } due || now - due > VeleroPatience)
            return wanted;
        return wanted with { Action = BackupAction.Hold, LookAt = now + VeleroLook, Message = $"Velero makes the Backup {velero}; one at a time" };
    }

    private static bool IsSuspended(ManagementBackup item) =>
        item.Spec.Suspend == true || item.Metadata.Annotations?.GetValueOrDefault(FleetAnnotations.Paused) is { } paused && paused != "false";

    private static TimeZoneInfo ZoneOf(ManagementBackupSpec spec) =>
        spec.TimeZone is { Length: > 0 } name && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : TimeZoneInfo.Utc;

    /// <summary>The time that a request names, so that every process makes the same archive of it: seconds since 1970, or RFC 3339.</summary>
    private static DateTimeOffset? TimeOf(string request)
    {
        if (long.TryParse(request, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 253402300800)
            return DateTimeOffset.FromUnixTimeSeconds(seconds);
        return DateTimeOffset.TryParse(request, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset? other) => other < one ? other.Value : one;
}

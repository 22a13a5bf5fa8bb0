using System.Globalization;
using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Clusters;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Schedules;

namespace Fleet.ControlPlane.Simulation.Workloads;

/// <summary>Starts the Jobs of CronJobs when they are due and keeps their history short.</summary>
internal sealed class CronJobReconciler : WorkloadReconciler
{
    protected override async ValueTask<TimeSpan?> ReconcileAsync(WorkloadCluster cluster, ObjectKey key, CancellationToken ct)
    {
        if (cluster.Api.Get(CoreKinds.CronJob, key) is not { } cron || cron.IsDeleting())
            return null;
        var jobs = cluster.Api.List(CoreKinds.Job, key.Namespace).Where(j => j.IsControlledBy(cron)).ToList();
        foreach (var job in jobs)
            cluster.RememberOwner(new("Job", job.KeyOf()), new("CronJob", key));
        foreach (var old in History(cron, jobs))
            await cluster.Api.DeleteAsync(CoreKinds.Job, old, DeleteOptions.Background, ct);

        var active = jobs.Where(j => !IsFinished(j) && !j.IsDeleting()).ToList();
        var status = cron.Child("status")?.DeepClone().AsObject() ?? [];
        TimeSpan? again = null;
        if (!cron.Flag("spec", "suspend") && CronSchedule.TryParse(cron.Text("spec", "schedule")) is { } schedule)
        {
            var last = cron.Time("status", "lastScheduleTime") ?? cron.CreatedAt();
            if (schedule.LatestDue(last, cluster.Now, Zone(cron)) is { } due)
            {
                await StartAsync(cluster, cron, active, due, ct);
                status["lastScheduleTime"] = due.Rfc3339();
            }
            again = schedule.Next(cluster.Now, Zone(cron)) - cluster.Now;
        }
        status["active"] = active.Select(j => new JsonObject
        {
            ["apiVersion"] = "batch/v1", ["kind"] = "Job", ["name"] = j.NameOf(), ["namespace"] = j.NamespaceOf(), ["uid"] = j.Uid(),
        }).ToJson();
        if (active.Count == 0)
            status.Remove("active");
        if (jobs.Where(j => j.IsTrue("Complete")).Select(j => j.Text("status", "completionTime")).Max(StringComparer.Ordinal) is { } success)
            status["lastSuccessfulTime"] = success;
        await cluster.WriteStatusAsync(CoreKinds.CronJob, key, status, ct);
        return again;
    }

    private static TimeZoneInfo Zone(JsonObject cron) =>
        cron.Text("spec", "timeZone") is { } name && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : TimeZoneInfo.Utc;

    private static async ValueTask StartAsync(WorkloadCluster cluster, JsonObject cron, List<JsonObject> active, DateTimeOffset due, CancellationToken ct)
    {
        var policy = cron.Text("spec", "concurrencyPolicy") ?? "Allow";
        if (policy == "Forbid" && active.Count > 0)
            return;
        if (policy == "Replace")
        {
            foreach (var job in active)
                await cluster.Api.DeleteAsync(CoreKinds.Job, job.KeyOf(), DeleteOptions.Background, ct);
        }
        var name = $"{cron.NameOf()}-{(due.ToUnixTimeSeconds() / 60).ToString(CultureInfo.InvariantCulture)}";
        if (cluster.Api.Get(CoreKinds.Job, new(cron.NamespaceOf(), name)) is not null)
            return;
        var template = cron.Child("spec", "jobTemplate") ?? [];
        var metadata = template.Child("metadata")?.DeepClone().AsObject() ?? [];
        metadata["name"] = name;
        metadata["namespace"] = cron.NamespaceOf();
        metadata["ownerReferences"] = new JsonArray(Ownership.ReferenceTo(cron));
        cluster.RememberOwner(new("Job", new(cron.NamespaceOf(), name)), new("CronJob", cron.KeyOf()));
        await cluster.Api.CreateAsync(CoreKinds.Job, new()
        {
            ["apiVersion"] = "batch/v1",
            ["kind"] = "Job",
            ["metadata"] = metadata,
            ["spec"] = template.Child("spec")?.DeepClone() ?? new JsonObject(),
        }, ct);
    }

    private static IEnumerable<ObjectKey> History(JsonObject cron, List<JsonObject> jobs)
    {
        var good = cron.Number("spec", "successfulJobsHistoryLimit") ?? 3;
        var bad = cron.Number("spec", "failedJobsHistoryLimit") ?? 1;
        return Oldest(jobs.Where(j => j.IsTrue("Complete")), good).Concat(Oldest(jobs.Where(j => j.IsTrue("Failed")), bad));
    }

    private static IEnumerable<ObjectKey> Oldest(IEnumerable<JsonObject> jobs, int keep) =>
        jobs.Where(j => !j.IsDeleting()).OrderByDescending(j => j.CreatedAt()).ThenByDescending(j => j.NameOf(), StringComparer.Ordinal).Skip(keep).Select(j => j.KeyOf());

    private static bool IsFinished(JsonObject job) => job.IsTrue("Complete") || job.IsTrue("Failed");
}

using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.ControlPlane.Simulation.Pods;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Simulation.Workloads;

/// <summary>What a Job does next. Expired: its time to live is over and it is to be deleted.</summary>
internal sealed record JobPlan(int Create, IReadOnlyList<ObjectKey> Delete, JsonObject? Status, TimeSpan? CheckAgain = null, bool Expired = false);

/// <summary>A Job as kube-controller-manager runs it. Pure.</summary>
internal static class JobPlanner
{
    public static JobPlan Plan(JsonObject job, IReadOnlyList<JsonObject> pods, DateTimeOffset now)
    {
        if (FinishedAt(job) is { } finished)
            return Finished(job, pods, finished, now);
        var completions = job.Number("spec", "completions");
        var parallelism = job.Number("spec", "parallelism") ?? 1;
        var active = pods.Where(p => p.IsActive()).ToList();
        var succeeded = pods.Count(p => p.Text("status", "phase") == "Succeeded");
        var failed = pods.Count(p => p.Text("status", "phase") == "Failed");
        var status = Start(job, now);

        if (job.Flag("spec", "suspend"))
        {
            status.SetCondition(Condition.True("Suspended", "JobSuspended", "Job suspended"), now);
            status.Remove("startTime");
            return new(0, Keys(active), Count(status, 0, succeeded, failed, pods));
        }
        if (job.IsTrue("Suspended"))
            status.SetCondition(Condition.False("Suspended", "JobResumed", "Job resumed"), now);

        var limit = job.Number("spec", "backoffLimit") ?? 6;
        if (failed > limit)
            return Fail(job, status, active, succeeded, failed, "BackoffLimitExceeded", "Job has reached the specified backoff limit", now);
        var deadline = job.Number("spec", "activeDeadlineSeconds") is { } seconds
            ? (job.Time("status", "startTime") ?? now) + TimeSpan.FromSeconds(seconds) - now
            : (TimeSpan?)null;
        if (deadline <= TimeSpan.Zero)
            return Fail(job, status, active, succeeded, failed, "DeadlineExceeded", "Job was active longer than specified deadline", now);

        // Without completions any success ends the Job, once the others are through.
        var complete = completions is { } n ? succeeded >= n : succeeded > 0 && active.Count == 0;
        if (complete)
        {
            status["completionTime"] = now.Rfc3339();
            Conclude(status, Condition.True("SuccessCriteriaMet", "CompletionsReached", "Reached expected number of succeeded pods"), now);
            Conclude(status, Condition.True("Complete", "CompletionsReached", "Reached expected number of succeeded pods"), now);
            return new(0, Keys(active), Count(status, 0, succeeded, failed, pods), Ttl(job));
        }
        var wanted = completions is { } total ? Math.Min(parallelism, total - succeeded) : succeeded > 0 ? active.Count : parallelism;
        var create = Math.Max(0, wanted - active.Count);
        var surplus = active.OrderBy(p => p.Rank()).Take(Math.Max(0, active.Count - wanted));
        return new(create, Keys(surplus), Count(status, Math.Min(active.Count, wanted) + create, succeeded, failed, pods), deadline);
    }

    public static JsonObject MakePod(JsonObject job, string name)
    {
        var pod = PodTemplates.MakePod(job, name);
        pod.SetLabel("batch.kubernetes.io/job-name", job.NameOf());
        pod.SetLabel("job-name", job.NameOf());
        pod.SetLabel("batch.kubernetes.io/controller-uid", job.Uid());
        pod.SetLabel("controller-uid", job.Uid());
        pod.Ensure("spec")["restartPolicy"] ??= "Never";
        return pod;
    }

    private static DateTimeOffset? FinishedAt(JsonObject job) =>
        job.Items("status", "conditions").FirstOrDefault(c => c.Text("type") is "Complete" or "Failed" && c.Text("status") == "True")
            ?.Time("lastTransitionTime");

    private static JobPlan Finished(JsonObject job, IReadOnlyList<JsonObject> pods, DateTimeOffset finished, DateTimeOffset now)
    {
        var active = Keys(pods.Where(p => p.IsActive()));
        if (Ttl(job) is not { } ttl)
            return new(0, active, null);
        var left = finished + ttl - now;
        return new(0, active, null, left > TimeSpan.Zero ? left : null, Expired: left <= TimeSpan.Zero);
    }

    private static TimeSpan? Ttl(JsonObject job) =>
        job.Number("spec", "ttlSecondsAfterFinished") is { } seconds ? TimeSpan.FromSeconds(Math.Max(0.05, seconds)) : null;

    private static JobPlan Fail(JsonObject job, JsonObject status, List<JsonObject> active, int succeeded, int failed, string reason, string message, DateTimeOffset now)
    {
        Conclude(status, Condition.True("FailureTarget", reason, message), now);
        Conclude(status, Condition.True("Failed", reason, message), now);
        return new(0, Keys(active), Count(status, 0, succeeded, failed, []), Ttl(job));
    }

    private static void Conclude(JsonObject status, Condition condition, DateTimeOffset now)
    {
        status.SetCondition(condition, now);
        status.Items("conditions").First(c => c.Text("type") == condition.Type)["lastProbeTime"] = now.Rfc3339();
    }

    private static JsonObject Start(JsonObject job, DateTimeOffset now)
    {
        var status = new JsonObject { ["startTime"] = job.Text("status", "startTime") ?? now.Rfc3339() };
        if (job.At("status", "conditions") is JsonArray conditions)
            status["conditions"] = conditions.DeepClone();
        return status;
    }

    private static JsonObject Count(JsonObject status, int active, int succeeded, int failed, IReadOnlyList<JsonObject> pods)
    {
        status["ready"] = pods.Count(p => p.IsActive() && p.IsReady());
        status["terminating"] = pods.Count(p => p.IsDeleting() && !p.IsFinished());
        status["uncountedTerminatedPods"] = new JsonObject();
        ReplicaSetPlanner.PutCount(status, "active", active);
        ReplicaSetPlanner.PutCount(status, "succeeded", succeeded);
        ReplicaSetPlanner.PutCount(status, "failed", failed);
        return status;
    }

    private static List<ObjectKey> Keys(IEnumerable<JsonObject> pods) => pods.Select(p => p.KeyOf()).ToList();
}

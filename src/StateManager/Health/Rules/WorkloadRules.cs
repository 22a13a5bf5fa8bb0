using Fleet.Control.Health;

namespace Fleet.StateManager.Health.Rules;

/// <summary>Kubernetes' own workloads.</summary>
internal static class WorkloadRules
{
    public static IEnumerable<(string Group, string Kind, Func<ObservedObject, ObjectVerdict> Judge)> All =>
    [
        ("apps", "Deployment", Rollout),
        ("apps", "StatefulSet", Rollout),
        ("apps", "DaemonSet", Rollout),
        ("apps", "ReplicaSet", ReplicaSet),
        ("", "ReplicationController", ReplicaSet),
        ("batch", "Job", Job),
        ("batch", "CronJob", _ => ObjectVerdict.Healthy),
    ];

    private static ObjectVerdict Rollout(ObservedObject workload)
    {
        var (verdict, why) = WorkloadRollout.Of(workload.Item);
        return verdict == WorkloadVerdict.Progressing && workload.Is("spec", "paused")
            ? ObjectVerdict.Suspended($"its rollout is paused: {why}")
            : new ObjectVerdict(verdict, why);
    }

    private static ObjectVerdict ReplicaSet(ObservedObject set)
    {
        if (set.ObservedGeneration is null)
            return ObjectVerdict.Progressing("its controller has not seen it yet");
        if (set.Condition("ReplicaFailure") is { IsTrue: true } failure)
            return ObjectVerdict.Failed(failure.Say("pods cannot be created"));
        var wanted = set.Number("spec", "replicas") ?? 1;
        var there = set.Count("status", "replicas");
        if (there > wanted)
            return ObjectVerdict.Progressing($"{there - wanted} pods too many are still there");
        var available = set.Count("status", "availableReplicas");
        return available < wanted ? ObjectVerdict.Progressing($"{available} of {wanted} replicas are available") : ObjectVerdict.Healthy;
    }

    private static ObjectVerdict Job(ObservedObject job)
    {
        if (job.Condition("Failed") is { IsTrue: true } failed)
            return ObjectVerdict.Failed(failed.Say("it failed"));
        if (job.Condition("Complete").IsTrue || job.Condition("SuccessCriteriaMet").IsTrue)
            return ObjectVerdict.Healthy;
        if (job.Is("spec", "suspend"))
            return ObjectVerdict.Suspended("it is suspended");
        var wanted = job.Number("spec", "completions") ?? job.Number("spec", "parallelism") ?? 1;
        var done = $"{job.Count("status", "succeeded")} of {wanted} pods have succeeded";
        var failures = job.Count("status", "failed");
        if (failures > 0)
            done += $", {failures} failed";
        // Pods that run may take as long as they need; ones that do not come up are a rollout like any other. Before Kubernetes 1.24 a Job did not tell which.
        return job.Number("status", "ready") is > 0 || (job.Number("status", "ready") is null && job.Count("status", "active") > 0 && failures == 0)
            ? ObjectVerdict.Running(done)
            : ObjectVerdict.Progressing(done);
    }
}

using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Objects;

namespace Fleet.ControlPlane.Simulation.Workloads;

/// <summary>The status of a Deployment from its ReplicaSets. Pure.</summary>
internal static class DeploymentStatus
{
    public static (JsonObject Status, TimeSpan? CheckAgain) Compute(JsonObject deployment, Rollout rollout, bool creating, DateTimeOffset now)
    {
        var status = new JsonObject { ["observedGeneration"] = deployment.Generation() };
        var replicas = rollout.All.Sum(Rollout.Running);
        var available = rollout.All.Sum(Rollout.Available);
        var updated = rollout.New is null ? 0 : Rollout.Running(rollout.New);
        ReplicaSetPlanner.PutCount(status, "replicas", replicas);
        ReplicaSetPlanner.PutCount(status, "updatedReplicas", updated);
        ReplicaSetPlanner.PutCount(status, "readyReplicas", rollout.All.Sum(Rollout.Ready));
        ReplicaSetPlanner.PutCount(status, "availableReplicas", available);
        ReplicaSetPlanner.PutCount(status, "unavailableReplicas", Math.Max(0, rollout.All.Sum(Rollout.Replicas) - available));
        status["conditions"] = deployment.At("status", "conditions")?.DeepClone() ?? new JsonArray();

        var enough = available >= rollout.Wanted - rollout.MaxUnavailable;
        Set(status, Condition.Of("Available", enough, enough ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
            enough ? "Deployment has minimum availability." : "Deployment does not have minimum availability."), now, touch: false);
        return (status, Progress(deployment, status, rollout, creating, now));
    }

    private static TimeSpan? Progress(JsonObject deployment, JsonObject status, Rollout rollout, bool creating, DateTimeOffset now)
    {
        var seen = deployment.FindCondition("Progressing");
        if (deployment.Flag("spec", "paused"))
        {
            if (seen?.Text("reason") != "ProgressDeadlineExceeded")
                Set(status, new("Progressing", "Unknown", "DeploymentPaused", "Deployment is paused"), now, touch: false);
            return null;
        }
        if (creating)
        {
            Set(status, Condition.True("Progressing", "NewReplicaSetCreated", $"Created new replica set for \"{deployment.NameOf()}\""), now, touch: true);
            return Deadline(deployment);
        }
        var name = rollout.New?.NameOf() ?? "";
        if (rollout.IsComplete)
        {
            Set(status, Condition.True("Progressing", "NewReplicaSetAvailable", $"ReplicaSet \"{name}\" has successfully progressed."), now, touch: false);
            return null;
        }
        // What was complete once and lost a pod is no rollout: it has no deadline, as upstream.
        var sameRollout = deployment.Number("status", "observedGeneration") == (int)deployment.Generation();
        if (sameRollout && seen?.Text("reason") == "NewReplicaSetAvailable")
            return null;
        if (seen?.Text("status") == "Unknown")
        {
            Set(status, Condition.True("Progressing", "DeploymentResumed", "Deployment is resumed"), now, touch: true);
            return Deadline(deployment);
        }
        if (Progressed(deployment, status) || seen is null || !sameRollout)
        {
            Set(status, Condition.True("Progressing", "ReplicaSetUpdated", $"ReplicaSet \"{name}\" is progressing."), now, touch: true);
            return Deadline(deployment);
        }
        if (seen.Text("reason") == "ProgressDeadlineExceeded" || Deadline(deployment) is not { } deadline)
            return null;
        var left = (seen.Time("lastUpdateTime") ?? now) + deadline - now;
        if (left > TimeSpan.Zero)
            return left;
        Set(status, Condition.False("Progressing", "ProgressDeadlineExceeded", $"ReplicaSet \"{name}\" has timed out progressing."), now, touch: true);
        return null;
    }

    private static TimeSpan? Deadline(JsonObject deployment) => TimeSpan.FromSeconds(deployment.Number("spec", "progressDeadlineSeconds") ?? 600);

    private static bool Progressed(JsonObject deployment, JsonObject status)
    {
        int Before(string name) => deployment.Number("status", name) ?? 0;
        int After(string name) => status.Number(name) ?? 0;
        return After("updatedReplicas") > Before("updatedReplicas")
            || After("readyReplicas") > Before("readyReplicas")
            || After("availableReplicas") > Before("availableReplicas")
            || After("replicas") - After("updatedReplicas") < Before("replicas") - Before("updatedReplicas");
    }

    private static void Set(JsonObject status, Condition condition, DateTimeOffset now, bool touch)
    {
        var changed = status.SetCondition(condition, now);
        var entry = status.Items("conditions").First(c => c.Text("type") == condition.Type);
        if (changed || touch || entry["lastUpdateTime"] is null)
            entry["lastUpdateTime"] = now.Rfc3339();
    }
}

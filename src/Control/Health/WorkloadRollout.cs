using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;

namespace Fleet.Control.Health;

/// <summary>
/// Judges a Deployment, StatefulSet or DaemonSet as <c>kubectl rollout status</c> does: the controller has seen the latest generation, and as many replicas
/// as wanted are updated and available. Pure.
/// </summary>
public static class WorkloadRollout
{
    /// <summary>Whether this kind of object is one that can be judged.</summary>
    public static bool Knows(string? apiVersion, string? kind) => apiVersion == "apps/v1" && kind is ("Deployment" or "StatefulSet" or "DaemonSet");

    /// <summary>The reason is empty when all is well.</summary>
    public static (WorkloadVerdict Verdict, string Why) Of(DynamicObject workload)
    {
        if ((Number(workload, "status", "observedGeneration") ?? 0) < (Number(workload, "metadata", "generation") ?? 0))
            return (WorkloadVerdict.Progressing, "its controller has not seen the latest spec yet");
        return workload.Kind switch
        {
            "Deployment" => Deployment(workload),
            "StatefulSet" => StatefulSet(workload),
            "DaemonSet" => DaemonSet(workload),
            _ => throw new ArgumentException($"{workload.Kind} is not a workload that health is known for"),
        };
    }

    private static (WorkloadVerdict Verdict, string Why) Deployment(DynamicObject workload)
    {
        var progressing = Condition(workload, "Progressing");
        if (Text(progressing?["reason"]) == "ProgressDeadlineExceeded")
            return (WorkloadVerdict.Failed, Text(progressing?["message"]) ?? "the rollout exceeded its deadline");
        if (Condition(workload, "ReplicaFailure") is { } failure && Text(failure["status"]) == "True")
            return (WorkloadVerdict.Failed, Text(failure["message"]) ?? "pods cannot be created");
        var wanted = Number(workload, "spec", "replicas") ?? 1;
        return Missing(
            wanted,
            updated: Count(workload, "updatedReplicas"),
            available: Count(workload, "availableReplicas"),
            old: Count(workload, "replicas") - Count(workload, "updatedReplicas"));
    }

    private static (WorkloadVerdict Verdict, string Why) StatefulSet(DynamicObject workload)
    {
        var wanted = Number(workload, "spec", "replicas") ?? 1;
        var ready = Count(workload, "readyReplicas");
        // Pods below the partition stay old on purpose; with OnDelete all of them may.
        var onDelete = Text(workload.At("spec", "updateStrategy", "type")) == "OnDelete";
        var partition = Number(workload, "spec", "updateStrategy", "rollingUpdate", "partition") ?? 0;
        var mustUpdate = onDelete ? 0 : Math.Max(0, wanted - partition);
        var updated = Number(workload, "status", "updatedReplicas") is { } counted && Revision(workload, "currentRevision") != Revision(workload, "updateRevision")
            ? counted
            : Math.Max(Count(workload, "updatedReplicas"), Count(workload, "currentReplicas"));
        return updated < mustUpdate ? Progressing($"{updated} of {mustUpdate} replicas are updated") : Missing(wanted, wanted, ready, 0);
    }

    private static (WorkloadVerdict Verdict, string Why) DaemonSet(DynamicObject workload)
    {
        var wanted = Count(workload, "desiredNumberScheduled");
        var updated = Text(workload.At("spec", "updateStrategy", "type")) == "OnDelete" ? wanted : Count(workload, "updatedNumberScheduled");
        return Missing(wanted, updated, Count(workload, "numberAvailable"), 0);
    }

    private static (WorkloadVerdict Verdict, string Why) Missing(long wanted, long updated, long available, long old)
    {
        if (updated < wanted)
            return Progressing($"{updated} of {wanted} replicas are updated");
        if (old > 0)
            return Progressing($"{old} old replicas are still there");
        return available < wanted ? Progressing($"{available} of {wanted} replicas are available") : (WorkloadVerdict.Healthy, "");
    }

    private static (WorkloadVerdict Verdict, string Why) Progressing(string why) => (WorkloadVerdict.Progressing, why);

    private static JsonObject? Condition(DynamicObject workload, string type) =>
        (workload.At("status", "conditions") as JsonArray)?.OfType<JsonObject>().FirstOrDefault(c => Text(c["type"]) == type);

    private static string? Revision(DynamicObject workload, string name) => Text(workload.At("status", name));

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static long Count(DynamicObject workload, string name) => Number(workload, "status", name) ?? 0;

    private static long? Number(DynamicObject workload, params ReadOnlySpan<string> path) =>
        workload.At(path) is JsonValue value && value.TryGetValue<long>(out var number) ? number : null;
}

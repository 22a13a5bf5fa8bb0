using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Objects;

namespace Fleet.ControlPlane.Simulation.Pods;

/// <summary>How controllers judge a pod.</summary>
internal static class PodReadiness
{
    public static bool IsReady(this JsonObject pod) => pod.IsTrue("Ready");

    /// <summary>Neither finished nor being deleted: it counts as a replica.</summary>
    public static bool IsActive(this JsonObject pod) => !pod.IsDeleting() && !pod.IsFinished();

    public static bool IsFinished(this JsonObject pod) => pod.Text("status", "phase") is "Succeeded" or "Failed";

    public static bool IsAvailable(this JsonObject pod, int minReadySeconds, DateTimeOffset now)
    {
        if (!pod.IsReady())
            return false;
        return minReadySeconds == 0
            || pod.FindCondition("Ready")?.Time("lastTransitionTime") + TimeSpan.FromSeconds(minReadySeconds) <= now;
    }

    /// <summary>When to look again at pods that are ready and not available yet: nothing changes then that could be watched.</summary>
    public static TimeSpan? CheckAgain(int ready, int available, int minReadySeconds) =>
        ready > available ? TimeSpan.FromSeconds(Math.Max(1, minReadySeconds)) : null;

    /// <summary>How far a pod has come: pods that have come least far are deleted first, newest first among equals.</summary>
    public static int Rank(this JsonObject pod)
    {
        var rank = pod.Text("spec", "nodeName") is null ? 0 : 1;
        if (pod.Text("status", "phase") == "Running")
            rank += 2;
        return pod.IsReady() ? rank + 4 : rank;
    }
}

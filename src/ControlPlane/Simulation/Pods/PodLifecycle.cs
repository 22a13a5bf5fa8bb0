using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Objects;

namespace Fleet.ControlPlane.Simulation.Pods;

/// <summary>What a kubelet knows of a pod that is bound to its node.</summary>
/// <param name="Pod">The pod.</param>
/// <param name="HostAddress">Of its node.</param>
/// <param name="Fault">What is to go wrong with it.</param>
/// <param name="Missing">What it needs and is not there.</param>
/// <param name="KilledAfter">How long its first container runs until it has used up its memory; null: it does not.</param>
internal sealed record PodFacts(JsonObject Pod, string HostAddress, PodFault Fault, MissingNeed? Missing, TimeSpan? KilledAfter = null);

/// <summary>The next step of a pod's life. Settled: nothing more will happen by itself.</summary>
internal sealed record PodStep(JsonObject? Status = null, TimeSpan? Again = null, bool Settled = false, bool Missing = false)
{
    public (string Reason, string Message)? Warning { get; init; }
}

/// <summary>The life of a pod on its node, step by step. Pure but for the clock and address functions that are handed in.</summary>
internal static class PodLifecycle
{
    /// <param name="facts">The pod and what is known around it.</param>
    /// <param name="remaining">How much is left of a step of the given length.</param>
    /// <param name="address">Takes an address of the node's pod network.</param>
    /// <param name="timings">How long steps take.</param>
    /// <param name="now">The time.</param>
    public static PodStep Next(PodFacts facts, Func<TimeSpan, TimeSpan> remaining, Func<string> address, SimulationTimings timings, DateTimeOffset now)
    {
        var pod = facts.Pod;
        var slow = PodFaults.Duration(pod.Annotation(SimulationAnnotations.Slow)) ?? TimeSpan.Zero;
        if (pod.At("status", "containerStatuses") is null)
            return facts.Missing is null && timings.ImagePull + slow == TimeSpan.Zero && facts.Fault != PodFault.ImagePullBackOff
                ? Start(facts, address(), timings, now)
                : new(PodStatuses.Creating(pod, facts.HostAddress, now), timings.ImagePull + slow);
        if (pod.Text("status", "phase") == "Pending")
            return Created(facts, remaining(timings.ImagePull + slow), address, timings, now);
        return Started(facts, remaining, timings, now);
    }

    private static PodStep Created(PodFacts facts, TimeSpan left, Func<string> address, SimulationTimings timings, DateTimeOffset now)
    {
        var pod = facts.Pod;
        if (left > TimeSpan.Zero)
            return new(Again: left);
        if (facts.Missing is { } missing)
            return WaitFor(facts, missing, now);
        if (facts.Fault != PodFault.ImagePullBackOff)
            return Start(facts, address(), timings, now);
        if (WaitingReason(pod) == "ImagePullBackOff")
            return new(Settled: true);
        var image = pod.Items("spec", "containers").Select(c => c.Text("image")).FirstOrDefault(PodFaults.IsBadImage)
            ?? pod.Items("spec", "containers").FirstOrDefault()?.Text("image");
        return new(PodStatuses.Creating(pod, facts.HostAddress, now, "ImagePullBackOff", $"Back-off pulling image \"{image}\""), Settled: true)
        {
            Warning = ("Failed", $"Failed to pull image \"{image}\": rpc error: code = NotFound desc = failed to pull and unpack image \"{image}\": not found"),
        };
    }

    private static PodStep WaitFor(PodFacts facts, MissingNeed missing, DateTimeOffset now)
    {
        if (!missing.IsVolume && WaitingReason(facts.Pod) != "CreateContainerConfigError")
            return new(PodStatuses.Creating(facts.Pod, facts.HostAddress, now, "CreateContainerConfigError", missing.Message), Missing: true)
            {
                Warning = ("Failed", $"Error: {missing.Message}"),
            };
        return new(Missing: true)
        {
            Warning = missing.IsVolume ? ("FailedMount", $"MountVolume.SetUp failed for volume \"{missing.Volume}\" : {missing.Message}") : null,
        };
    }

    private static PodStep Start(PodFacts facts, string address, SimulationTimings timings, DateTimeOffset now)
    {
        var pod = facts.Pod;
        if (RunsToCompletion(pod))
        {
            var length = PodFaults.Duration(pod.Annotation(SimulationAnnotations.RunFor)) ?? timings.JobRun;
            return length == TimeSpan.Zero
                ? new(PodStatuses.Completed(pod, facts.HostAddress, address, Succeeds(facts), now), Settled: true)
                : new(PodStatuses.Running(pod, facts.HostAddress, address, ready: true, now), length);
        }
        if (facts.Fault is PodFault.CrashLoopBackOff or PodFault.Error)
            return Crash(facts, address, now);
        var ready = facts.Fault != PodFault.NeverReady && (timings.ContainerReady == TimeSpan.Zero || !HasReadinessProbe(pod));
        return new(PodStatuses.Running(pod, facts.HostAddress, address, ready, now), ready ? null : timings.ContainerReady, Settled: ready);
    }

    private static PodStep Started(PodFacts facts, Func<TimeSpan, TimeSpan> remaining, SimulationTimings timings, DateTimeOffset now)
    {
        var pod = facts.Pod;
        var address = pod.Text("status", "podIP") ?? "";
        if (RunsToCompletion(pod))
        {
            var left = remaining(PodFaults.Duration(pod.Annotation(SimulationAnnotations.RunFor)) ?? timings.JobRun);
            return left > TimeSpan.Zero
                ? new(Again: left)
                : new(PodStatuses.Completed(pod, facts.HostAddress, address, Succeeds(facts), now), Settled: true);
        }
        if (facts.Fault is PodFault.CrashLoopBackOff or PodFault.Error)
        {
            var restarts = pod.Items("spec", "containers").Select(c => PodStatuses.Restarts(pod, c)).FirstOrDefault();
            var left = remaining(PodStatuses.CrashDelay(Math.Max(1, restarts)));
            return left > TimeSpan.Zero ? new(Again: left) : Crash(facts, address, now);
        }
        if (pod.IsReady() || facts.Fault == PodFault.NeverReady)
            return facts.KilledAfter is { } length ? Leak(pod, length, now) : new(Settled: true);
        var wait = remaining(timings.ContainerReady);
        return wait > TimeSpan.Zero
            ? new(Again: wait)
            : new(PodStatuses.Running(pod, facts.HostAddress, address, ready: true, now), Settled: true);
    }

    /// <summary>The container is killed whenever it has run for so long, also while nobody looked.</summary>
    private static PodStep Leak(JsonObject pod, TimeSpan length, DateTimeOffset now)
    {
        var started = pod.Items("status", "containerStatuses").FirstOrDefault()?.Time("state", "running", "startedAt") ?? now;
        var runs = (int)((now - started).Ticks / length.Ticks);
        var next = started + length * (runs + 1) - now;
        return runs <= 0
            ? new(Again: next, Settled: true)
            : new(PodStatuses.OutOfMemory(pod, started + length * (runs - 1), started + length * runs, runs), next, Settled: true);
    }

    private static PodStep Crash(PodFacts facts, string address, DateTimeOffset now)
    {
        var status = PodStatuses.Crashing(facts.Pod, facts.HostAddress, address, now);
        var restarts = status.Items("containerStatuses").First().Number("restartCount") ?? 1;
        var name = facts.Pod.Items("spec", "containers").FirstOrDefault()?.Text("name");
        return new(status, PodStatuses.CrashDelay(restarts))
        {
            Warning = ("BackOff", $"Back-off restarting failed container {name} in pod {facts.Pod.NameOf()}_{facts.Pod.NamespaceOf()}({facts.Pod.Uid()})"),
        };
    }

    private static bool Succeeds(PodFacts facts) => facts.Fault is PodFault.None or PodFault.NeverReady;

    private static bool RunsToCompletion(JsonObject pod) => pod.Text("spec", "restartPolicy") is "Never" or "OnFailure";

    private static bool HasReadinessProbe(JsonObject pod) =>
        pod.Items("spec", "containers").Any(c => c.Child("readinessProbe") is not null || c.Child("startupProbe") is not null);

    private static string? WaitingReason(JsonObject pod) =>
        pod.Items("status", "containerStatuses").FirstOrDefault()?.Text("state", "waiting", "reason");
}

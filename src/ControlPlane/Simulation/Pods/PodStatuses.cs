using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Objects;

namespace Fleet.ControlPlane.Simulation.Pods;

/// <summary>The statuses that a kubelet writes for a pod in each step of its life. Pure: pod and time in, a whole new status out.</summary>
internal static class PodStatuses
{
    public static JsonObject Unschedulable(JsonObject pod, string message, DateTimeOffset now)
    {
        var status = Start(pod, "Pending");
        status.SetCondition(Condition.False("PodScheduled", "Unschedulable", message), now);
        return status;
    }

    /// <summary>Bound to a node, images being pulled or something that the containers need not being there.</summary>
    public static JsonObject Creating(JsonObject pod, string hostAddress, DateTimeOffset now, string reason = "ContainerCreating", string message = "")
    {
        var status = Bound(pod, "Pending", hostAddress, "", now);
        var waiting = Waiting(reason, message);
        var initialising = pod.Items("spec", "initContainers").Any();
        SetContainers(pod, status, c => Container(c, waiting, ready: false, started: false), initialising
            ? c => Container(c, Waiting("PodInitializing"), ready: false, started: false)
            : null);
        return WithReadiness(status, ready: false, initialised: !initialising, now);
    }

    /// <summary>Running; ready or not yet.</summary>
    public static JsonObject Running(JsonObject pod, string hostAddress, string podAddress, bool ready, DateTimeOffset now)
    {
        var status = Bound(pod, "Running", hostAddress, podAddress, now);
        SetContainers(pod, status,
            c => Container(c, new() { ["running"] = new JsonObject { ["startedAt"] = StartedAt(pod, c, now) } }, ready, started: true, Restarts(pod, c)),
            c => Finished(c, 0, "Completed", now));
        return WithReadiness(status, ready, initialised: true, now);
    }

    /// <summary>The containers have ended again and wait for their next start.</summary>
    public static JsonObject Crashing(JsonObject pod, string hostAddress, string podAddress, DateTimeOffset now)
    {
        var status = Bound(pod, "Running", hostAddress, podAddress, now);
        SetContainers(pod, status, c =>
        {
            var restarts = Restarts(pod, c) + 1;
            var delay = CrashDelay(restarts).TotalSeconds;
            var text = delay < 60 ? $"{delay:0}s" : $"{Math.Floor(delay / 60):0}m{delay % 60:0}s";
            var container = Container(c, Waiting("CrashLoopBackOff",
                $"back-off {text} restarting failed container={c.Text("name")} pod={pod.NameOf()}_{pod.NamespaceOf()}({pod.Uid()})"), false, false, restarts);
            container["lastState"] = Finished(c, 1, "Error", now)["state"]!.DeepClone();
            return container;
        }, c => Finished(c, 0, "Completed", now));
        return WithReadiness(status, ready: false, initialised: true, now);
    }

    /// <summary>The first container was killed for its memory and runs again; everything else goes on.</summary>
    public static JsonObject OutOfMemory(JsonObject pod, DateTimeOffset started, DateTimeOffset killed, int times)
    {
        var status = (JsonObject)pod.Child("status")!.DeepClone();
        var container = status.Items("containerStatuses").First();
        container["lastState"] = new JsonObject
        {
            ["terminated"] = new JsonObject
            {
                ["exitCode"] = 137, ["reason"] = "OOMKilled", ["startedAt"] = started.Rfc3339(), ["finishedAt"] = killed.Rfc3339(),
                ["containerID"] = container["containerID"]?.DeepClone(),
            },
        };
        container["restartCount"] = (container.Number("restartCount") ?? 0) + times;
        container["state"] = new JsonObject { ["running"] = new JsonObject { ["startedAt"] = killed.Rfc3339() } };
        container["containerID"] = $"containerd://{StableHash.Hex($"{container.Text("image")}/{container.Text("name")}/{container.Number("restartCount")}", 64)}";
        return status;
    }

    /// <summary>Run to completion.</summary>
    public static JsonObject Completed(JsonObject pod, string hostAddress, string podAddress, bool succeeded, DateTimeOffset now)
    {
        var status = Bound(pod, succeeded ? "Succeeded" : "Failed", hostAddress, podAddress, now);
        SetContainers(pod, status, c => Finished(c, succeeded ? 0 : 1, succeeded ? "Completed" : "Error", now), c => Finished(c, 0, "Completed", now));
        return WithReadiness(status, ready: false, initialised: true, now, succeeded ? "PodCompleted" : "PodFailed");
    }

    /// <summary>The kubelet's back-off: 10 s, doubled up to five minutes.</summary>
    public static TimeSpan CrashDelay(int restarts) => TimeSpan.FromSeconds(Math.Min(300, 10 * Math.Pow(2, Math.Min(restarts - 1, 5))));

    public static int Restarts(JsonObject pod, JsonObject container) =>
        pod.Items("status", "containerStatuses").FirstOrDefault(s => s.Text("name") == container.Text("name"))?.Number("restartCount") ?? 0;

    public static string QosClass(JsonObject pod)
    {
        var containers = pod.Items("spec", "containers").Concat(pod.Items("spec", "initContainers")).ToList();
        var any = containers.Exists(c => c.Child("resources", "requests") is { Count: > 0 } || c.Child("resources", "limits") is { Count: > 0 });
        if (!any)
            return "BestEffort";
        var guaranteed = containers.TrueForAll(c => Guaranteed(c, "cpu") && Guaranteed(c, "memory"));
        return guaranteed ? "Guaranteed" : "Burstable";
    }

    private static bool Guaranteed(JsonObject container, string resource)
    {
        var limit = container.At("resources", "limits", resource)?.ToString();
        var request = container.At("resources", "requests", resource)?.ToString() ?? limit;
        return limit is not null && Quantities.Milli(limit) == Quantities.Milli(request);
    }

    private static JsonObject Start(JsonObject pod, string phase)
    {
        var status = new JsonObject { ["phase"] = phase, ["qosClass"] = QosClass(pod) };
        if (pod.At("status", "conditions") is JsonArray conditions)
            status["conditions"] = conditions.DeepClone();
        if (pod.At("status", "startTime") is { } start)
            status["startTime"] = start.DeepClone();
        return status;
    }

    private static JsonObject Bound(JsonObject pod, string phase, string hostAddress, string podAddress, DateTimeOffset now)
    {
        var status = Start(pod, phase);
        status["hostIP"] = hostAddress;
        status["hostIPs"] = new JsonArray(new JsonObject { ["ip"] = hostAddress });
        status["startTime"] ??= now.Rfc3339();
        if (podAddress.Length == 0)
            return status;
        status["podIP"] = podAddress;
        status["podIPs"] = new JsonArray(new JsonObject { ["ip"] = podAddress });
        return status;
    }

    private static JsonObject WithReadiness(JsonObject status, bool ready, bool initialised, DateTimeOffset now, string? reason = null)
    {
        var names = string.Join(' ', status.Items("containerStatuses").Select(c => c.Text("name")));
        var word = reason ?? "ContainersNotReady";
        var message = ready || reason is not null ? "" : $"containers with unready status: [{names}]";
        status.SetCondition(Condition.True("PodScheduled", ""), now);
        status.SetCondition(Condition.Of("PodReadyToStartContainers", status["podIP"] is not null, ""), now);
        status.SetCondition(Condition.Of("Initialized", initialised, initialised ? reason ?? "" : "ContainersNotInitialized"), now);
        status.SetCondition(Condition.Of("ContainersReady", ready, ready ? "" : word, message), now);
        status.SetCondition(Condition.Of("Ready", ready, ready ? "" : word, message), now);
        foreach (var condition in status.Items("conditions"))
        {
            if (condition.Text("reason") == "")
                condition.Remove("reason");
            if (condition.Text("message") == "")
                condition.Remove("message");
        }
        return status;
    }

    private static void SetContainers(JsonObject pod, JsonObject status, Func<JsonObject, JsonObject> make, Func<JsonObject, JsonObject>? makeInit)
    {
        status["containerStatuses"] = pod.Items("spec", "containers").Select(make).ToJson();
        if (makeInit is not null && pod.Items("spec", "initContainers").Any())
            status["initContainerStatuses"] = pod.Items("spec", "initContainers").Select(makeInit).ToJson();
    }

    private static JsonObject Container(JsonObject container, JsonObject state, bool ready, bool started, int restarts = 0)
    {
        var image = container.Text("image") ?? "";
        var result = new JsonObject
        {
            ["name"] = container.Text("name"),
            ["image"] = image,
            ["imageID"] = "",
            ["ready"] = ready,
            ["restartCount"] = restarts,
            ["started"] = started,
            ["state"] = state.DeepClone(),
            ["lastState"] = new JsonObject(),
        };
        if (!state.ContainsKey("waiting") || restarts > 0)
        {
            result["imageID"] = $"{image.Split('@')[0].Split(':')[0]}@sha256:{StableHash.Hex(image, 64)}";
            result["containerID"] = $"containerd://{StableHash.Hex($"{image}/{container.Text("name")}/{restarts}", 64)}";
        }
        return result;
    }

    private static JsonObject Finished(JsonObject container, int code, string reason, DateTimeOffset now) =>
        Container(container, new()
        {
            ["terminated"] = new JsonObject
            {
                ["exitCode"] = code, ["reason"] = reason, ["startedAt"] = now.Rfc3339(), ["finishedAt"] = now.Rfc3339(),
            },
        }, ready: false, started: false);

    private static JsonObject Waiting(string reason, string message = "")
    {
        var waiting = new JsonObject { ["reason"] = reason };
        if (message.Length > 0)
            waiting["message"] = message;
        return new() { ["waiting"] = waiting };
    }

    private static string StartedAt(JsonObject pod, JsonObject container, DateTimeOffset now) =>
        pod.Items("status", "containerStatuses").FirstOrDefault(s => s.Text("name") == container.Text("name"))?.Text("state", "running", "startedAt")
        ?? now.Rfc3339();
}

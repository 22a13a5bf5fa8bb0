namespace Fleet.StateManager.Health.Rules;

/// <summary>What OpenKruise runs to an end.</summary>
internal static class KruiseTaskRules
{
    private const string Group = "apps.kruise.io";

    public static IEnumerable<(string Group, string Kind, Func<ObservedObject, ObjectVerdict> Judge)> All =>
    [
        (Group, "ImagePullJob", ImagePullJob),
        (Group, "ImageListPullJob", ImageListPullJob),
        (Group, "ContainerRecreateRequest", RecreateRequest),
        (Group, "BroadcastJob", BroadcastJob),
        (Group, "AdvancedCronJob", _ => ObjectVerdict.Healthy),
    ];

    private static ObjectVerdict ImagePullJob(ObservedObject job)
    {
        var (desired, failed) = (job.Count("status", "desired"), job.Count("status", "failed"));
        if (job.Text("status", "completionTime").Length > 0)
            return failed == 0 ? ObjectVerdict.Healthy : ObjectVerdict.Failed($"{failed} of {desired} nodes could not pull the image{Nodes(job)}");
        // One whose policy is Never goes on for ever and pulls on every node that comes.
        if (job.Text("spec", "completionPolicy", "type") == "Never" && desired > 0 && job.Count("status", "succeeded") == desired)
            return ObjectVerdict.Healthy;
        var progress = $"{job.Count("status", "succeeded")} of {desired} nodes have the image";
        return job.HasStatus ? ObjectVerdict.Running(failed > 0 ? $"{progress}, {failed} failed" : progress) : ObjectVerdict.Progressing("its controller has not seen it yet");
    }

    private static string Nodes(ObservedObject job)
    {
        var names = (job.Item.At("status", "failedNodes") as System.Text.Json.Nodes.JsonArray ?? []).Select(ObservedObject.TextOf).Where(n => n.Length > 0).ToList();
        return names.Count == 0 ? "" : $": {string.Join(", ", names.Take(3))}{(names.Count > 3 ? ", …" : "")}";
    }

    private static ObjectVerdict ImageListPullJob(ObservedObject job)
    {
        var failed = job.Items("status", "failedImageStatuses").ToList();
        if (job.Text("status", "completionTime").Length > 0)
            return failed.Count == 0
                ? ObjectVerdict.Healthy
                : ObjectVerdict.Failed($"image {ObservedObject.TextOf(failed[0]["name"])}: {ObservedObject.TextOf(failed[0]["message"])}");
        return job.HasStatus
            ? ObjectVerdict.Running($"{job.Count("status", "succeeded")} of {job.Count("status", "desired")} images are there")
            : ObjectVerdict.Progressing("its controller has not seen it yet");
    }

    private static ObjectVerdict RecreateRequest(ObservedObject request)
    {
        var states = request.Items("status", "containerRecreateStates").ToList();
        if (states.Find(s => ObservedObject.TextOf(s["phase"]) == "Failed") is { } failed)
            return ObjectVerdict.Failed($"container {ObservedObject.TextOf(failed["name"])}: {(ObservedObject.TextOf(failed["message"]) is { Length: > 0 } why ? why : "it could not be recreated")}");
        var phase = request.Text("status", "phase");
        var message = request.Text("status", "message") is { Length: > 0 } said ? said : $"it is {phase}";
        return phase switch
        {
            "Failed" => ObjectVerdict.Failed(message),
            "Completed" or "Succeeded" when states.TrueForAll(s => ObservedObject.TextOf(s["phase"]) == "Succeeded") => ObjectVerdict.Healthy,
            "Completed" => ObjectVerdict.Failed(request.Text("status", "message") is { Length: > 0 } why ? why : "not every container was recreated"),
            "" => ObjectVerdict.Progressing("its controller has not seen it yet"),
            _ => ObjectVerdict.Running(message),
        };
    }

    private static ObjectVerdict BroadcastJob(ObservedObject job)
    {
        var (desired, succeeded, failed) = (job.Count("status", "desired"), job.Count("status", "succeeded"), job.Count("status", "failed"));
        var progress = $"{succeeded} of {desired} nodes are done{(failed > 0 ? $", {failed} failed" : "")}";
        if (job.Condition("Failed") is { IsTrue: true } condition)
            return ObjectVerdict.Failed(condition.Say(progress));
        return job.Text("status", "phase") switch
        {
            "completed" => succeeded >= desired ? ObjectVerdict.Healthy : ObjectVerdict.Failed(progress),
            "failed" => ObjectVerdict.Failed(progress),
            "paused" => ObjectVerdict.Suspended($"it is paused: {progress}"),
            "" => ObjectVerdict.Progressing("its controller has not seen it yet"),
            _ when job.Is("spec", "paused") => ObjectVerdict.Suspended($"it is paused: {progress}"),
            // One whose policy is Never runs on every node that comes, for ever.
            _ when job.Text("spec", "completionPolicy", "type") == "Never" && desired > 0 && succeeded == desired => ObjectVerdict.Healthy,
            _ => ObjectVerdict.Running(progress),
        };
    }
}

using System.Text.Json.Nodes;

namespace Fleet.StateManager.Health.Rules;

/// <summary>What Kubernetes itself brings: pods, storage, ways in.</summary>
internal static class CoreRules
{
    public static IEnumerable<(string Group, string Kind, Func<ObservedObject, ObjectVerdict> Judge)> All =>
    [
        ("", "Pod", Pod),
        ("", "PersistentVolumeClaim", Claim),
        ("", "PersistentVolume", Volume),
        ("", "Service", Service),
        ("", "Namespace", _ => ObjectVerdict.Healthy),
        ("networking.k8s.io", "Ingress", Ingress),
        ("extensions", "Ingress", Ingress),
    ];

    private static ObjectVerdict Pod(ObservedObject pod)
    {
        switch (pod.Text("status", "phase"))
        {
            case "Succeeded":
                return ObjectVerdict.Healthy;
            case "Failed":
                return ObjectVerdict.Failed(Said(pod, "it failed"));
        }
        foreach (var container in pod.Items("status", "initContainerStatuses").Concat(pod.Items("status", "containerStatuses")))
        {
            var reason = ObservedObject.TextOf(container["state"]?["waiting"]?["reason"]);
            // The kubelet's words for what does not go away by waiting: ImagePullBackOff, CrashLoopBackOff, CreateContainerConfigError, ErrImagePull, InvalidImageName.
            if (reason.EndsWith("BackOff", StringComparison.Ordinal) || reason.EndsWith("Error", StringComparison.Ordinal)
                || reason.StartsWith("Err", StringComparison.Ordinal) || reason == "InvalidImageName")
                return ObjectVerdict.Failed($"container {ObservedObject.TextOf(container["name"])}: {reason}{Detail(container)}");
        }
        var ready = pod.Condition("Ready");
        if (ready.IsTrue)
            return ObjectVerdict.Healthy;
        var scheduled = pod.Condition("PodScheduled");
        return ObjectVerdict.Progressing(scheduled.IsFalse ? scheduled.Say("it is not scheduled") : ready.Say("it is not ready"));
    }

    private static string Detail(JsonObject container) =>
        ObservedObject.TextOf(container["state"]?["waiting"]?["message"]) is { Length: > 0 } message ? $": {message}" : "";

    private static string Said(ObservedObject item, string otherwise) =>
        item.Text("status", "message") is { Length: > 0 } message ? message : item.Text("status", "reason") is { Length: > 0 } reason ? reason : otherwise;

    private static ObjectVerdict Claim(ObservedObject claim) => claim.Text("status", "phase") switch
    {
        "Bound" => ObjectVerdict.Healthy,
        "Lost" => ObjectVerdict.Failed("its volume is lost"),
        "" => ObjectVerdict.Progressing("it has no phase yet"),
        var phase => ObjectVerdict.Progressing($"it is {phase}, not bound"),
    };

    private static ObjectVerdict Volume(ObservedObject volume) => volume.Text("status", "phase") switch
    {
        "Bound" or "Available" or "Released" => ObjectVerdict.Healthy,
        "Failed" => ObjectVerdict.Failed(Said(volume, "it could not be reclaimed")),
        "" => ObjectVerdict.Progressing("it has no phase yet"),
        var phase => ObjectVerdict.Progressing($"it is {phase}"),
    };

    private static ObjectVerdict Service(ObservedObject service) =>
        service.Text("spec", "type") == "LoadBalancer" && !HasAddress(service)
            ? ObjectVerdict.Progressing("its load balancer has no address yet")
            : ObjectVerdict.Healthy;

    private static ObjectVerdict Ingress(ObservedObject ingress) =>
        HasAddress(ingress) ? ObjectVerdict.Healthy : ObjectVerdict.Progressing("no ingress controller has given it an address yet");

    private static bool HasAddress(ObservedObject item) => item.Items("status", "loadBalancer", "ingress").Any();
}

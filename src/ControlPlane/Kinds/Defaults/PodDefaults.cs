using System.Text.Json.Nodes;
using Fleet.ControlPlane.Machinery;
using static Fleet.ControlPlane.Kinds.BuiltInDefaults;

namespace Fleet.ControlPlane.Kinds;

/// <summary>Pods and pod templates.</summary>
internal static class PodDefaults
{
    public static void Pod(JsonObject body, JsonObject? old)
    {
        if (body["spec"] is not JsonObject spec) return;
        Spec(spec);
        if (old is not null) return;
        Requests(spec);
        Set(spec, "serviceAccountName", "default");
        Set(spec, "serviceAccount", spec["serviceAccountName"].Text() ?? "default");
        Set(spec, "enableServiceLinks", true);
        Set(spec, "preemptionPolicy", "PreemptLowerPriority");
        Set(spec, "priority", 0);
        if (spec["tolerations"] is not JsonArray tolerations) spec["tolerations"] = tolerations = [];
        foreach (var key in (string[])["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"])
        {
            if (tolerations.Any(t => t?["key"].Text() == key)) continue;
            tolerations.Add(new JsonObject { ["effect"] = "NoExecute", ["key"] = key, ["operator"] = "Exists", ["tolerationSeconds"] = 300 });
        }
        body["status"] = new JsonObject { ["phase"] = "Pending", ["qosClass"] = QosClass(spec) };
    }

    /// <summary>The pod template of a workload.</summary>
    public static void Template(JsonObject? template)
    {
        if (template?["spec"] is JsonObject spec) Spec(spec);
    }

    private static void Spec(JsonObject spec)
    {
        Set(spec, "restartPolicy", "Always");
        Set(spec, "terminationGracePeriodSeconds", 30);
        Set(spec, "dnsPolicy", "ClusterFirst");
        Set(spec, "securityContext", new JsonObject());
        Set(spec, "schedulerName", "default-scheduler");
        if (spec["serviceAccountName"].Text() is { Length: > 0 } account) Set(spec, "serviceAccount", account);
        foreach (var list in (string[])["initContainers", "containers"])
        {
            foreach (var container in (spec[list] as JsonArray ?? []).OfType<JsonObject>()) Container(container);
        }
        foreach (var volume in (spec["volumes"] as JsonArray ?? []).OfType<JsonObject>()) Volume(volume);
    }

    /// <summary>What is limited and not requested is requested in full: of pods only, not of templates.</summary>
    private static void Requests(JsonObject spec)
    {
        foreach (var container in (spec["initContainers"] as JsonArray ?? []).Concat(spec["containers"] as JsonArray ?? []))
        {
            if (container?["resources"] is not JsonObject resources || resources["limits"] is not JsonObject limits) continue;
            var requests = Under(resources, "requests");
            foreach (var (name, value) in limits) Set(requests, name, value!.DeepClone());
        }
    }

    private static void Container(JsonObject container)
    {
        Set(container, "terminationMessagePath", "/dev/termination-log");
        Set(container, "terminationMessagePolicy", "File");
        Set(container, "imagePullPolicy", IsLatest(container["image"].Text() ?? "") ? "Always" : "IfNotPresent");
        Set(container, "resources", new JsonObject());
        Ports(container["ports"] as JsonArray);
        foreach (var name in (string[])["livenessProbe", "readinessProbe", "startupProbe"])
        {
            if (container[name] is JsonObject probe) Probe(probe);
        }
        foreach (var variable in (container["env"] as JsonArray ?? []).OfType<JsonObject>())
        {
            if (variable["valueFrom"]?["fieldRef"] is JsonObject field) Set(field, "apiVersion", "v1");
        }
    }

    private static void Probe(JsonObject probe)
    {
        Set(probe, "failureThreshold", 3);
        Set(probe, "periodSeconds", 10);
        Set(probe, "successThreshold", 1);
        Set(probe, "timeoutSeconds", 1);
        if (probe["httpGet"] is not JsonObject http) return;
        Set(http, "path", "/");
        Set(http, "scheme", "HTTP");
    }

    private static void Volume(JsonObject volume)
    {
        foreach (var name in (string[])["configMap", "secret", "projected", "downwardAPI"])
        {
            if (volume[name] is JsonObject source) Set(source, "defaultMode", 420);
        }
        if (volume["hostPath"] is JsonObject host) Set(host, "type", "");
        if (volume.Count == 1 && volume["name"] is not null) volume["emptyDir"] = new JsonObject();
    }

    private static bool IsLatest(string image)
    {
        if (image.Contains('@', StringComparison.Ordinal)) return false;
        var name = image[(image.LastIndexOf('/') + 1)..];
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 || name[(colon + 1)..] == "latest";
    }

    private static string QosClass(JsonObject spec)
    {
        var containers = (spec["containers"] as JsonArray ?? []).Concat(spec["initContainers"] as JsonArray ?? []).OfType<JsonObject>().ToArray();
        var any = containers.Any(c => c["resources"]?["requests"] is JsonObject { Count: > 0 } || c["resources"]?["limits"] is JsonObject { Count: > 0 });
        if (!any) return "BestEffort";
        var guaranteed = containers.All(c => ((string[])["cpu", "memory"]).All(r =>
            c["resources"]?["limits"]?[r] is { } limit && JsonNode.DeepEquals(limit, c["resources"]?["requests"]?[r])));
        return guaranteed ? "Guaranteed" : "Burstable";
    }
}

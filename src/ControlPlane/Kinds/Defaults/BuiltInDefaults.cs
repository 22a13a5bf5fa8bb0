using System.Text.Json.Nodes;
using Fleet.ControlPlane.Machinery;

namespace Fleet.ControlPlane.Kinds;

/// <summary>The defaults of built-in kinds that users see.</summary>
internal static class BuiltInDefaults
{
    public static void Apply(Cluster cluster, KindInfo kind, JsonObject body, JsonObject? old)
    {
        var spec = body["spec"] as JsonObject;
        switch (kind.Kind)
        {
            case "CustomResourceDefinition": DefinitionDefaults.Apply(body, old); break;
            case "Namespace": Namespace(body, old); break;
            case "Secret": Secret(body); break;
            case "Pod": PodDefaults.Pod(body, old); break;
            case "Service": ServiceDefaults.Apply(cluster, body, old); break;
            case "Endpoints": Subsets(body); break;
            case "EndpointSlice": Ports(body["ports"] as JsonArray); break;
            case "Deployment" or "ReplicaSet" or "StatefulSet" or "DaemonSet" or "ReplicationController": WorkloadDefaults.Apply(kind, body); break;
            case "Job": JobDefaults.Job(body, old); break;
            case "CronJob": JobDefaults.CronJob(body); break;
            case "PersistentVolumeClaim": VolumeDefaults.Claim(cluster, body, old); break;
            case "PersistentVolume": VolumeDefaults.Volume(body, old); break;
            case "StorageClass":
                Set(body, "reclaimPolicy", "Delete");
                Set(body, "volumeBindingMode", "Immediate");
                break;
            case "NetworkPolicy" when spec is not null: NetworkPolicy(spec); break;
            case "HorizontalPodAutoscaler" when spec is not null: Set(spec, "minReplicas", 1); break;
            case "RoleBinding" or "ClusterRoleBinding": Binding(body); break;
            case "PriorityClass":
                Set(body, "preemptionPolicy", "PreemptLowerPriority");
                break;
            case "Node" when old is null: body["spec"] ??= new JsonObject(); break;
            case "APIService" when spec is not null && spec["service"] is JsonObject service: Set(service, "port", 443); break;
        }
    }

    public static void Set(JsonObject body, string name, JsonNode value)
    {
        if (body[name] is null) body[name] = value;
    }

    /// <summary>The object under a name; made when it is absent.</summary>
    public static JsonObject Under(JsonObject body, string name)
    {
        if (body[name] is JsonObject present) return present;
        var made = new JsonObject();
        body[name] = made;
        return made;
    }

    public static void Ports(JsonArray? ports)
    {
        foreach (var port in (ports ?? []).OfType<JsonObject>()) Set(port, "protocol", "TCP");
    }

    private static void Namespace(JsonObject body, JsonObject? old)
    {
        Set(Under(body.Metadata(), "labels"), "kubernetes.io/metadata.name", body.Name() ?? "");
        if (old is not null) return;
        Set(Under(body, "spec"), "finalizers", new JsonArray("kubernetes"));
        body["status"] = new JsonObject { ["phase"] = "Active" };
    }

    private static void Secret(JsonObject body)
    {
        if (body.Detach("stringData") is JsonObject plain && plain.Count > 0)
        {
            var data = Under(body, "data");
            foreach (var (name, value) in plain)
                data[name] = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(value.Text() ?? ""));
        }
        Set(body, "type", "Opaque");
    }

    private static void Subsets(JsonObject body)
    {
        foreach (var subset in (body["subsets"] as JsonArray ?? []).OfType<JsonObject>()) Ports(subset["ports"] as JsonArray);
    }

    private static void NetworkPolicy(JsonObject spec)
    {
        if (spec["policyTypes"] is JsonArray { Count: > 0 }) return;
        spec["policyTypes"] = spec["egress"] is JsonArray { Count: > 0 } ? new JsonArray("Ingress", "Egress") : new JsonArray("Ingress");
    }

    private static void Binding(JsonObject body)
    {
        if (body["roleRef"] is JsonObject role) Set(role, "apiGroup", "rbac.authorization.k8s.io");
        foreach (var subject in (body["subjects"] as JsonArray ?? []).OfType<JsonObject>())
        {
            if (subject["kind"].Text() is "User" or "Group") Set(subject, "apiGroup", "rbac.authorization.k8s.io");
        }
    }
}

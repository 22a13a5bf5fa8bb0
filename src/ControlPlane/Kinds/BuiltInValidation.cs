using System.Text.Json.Nodes;
using Fleet.ControlPlane.Machinery;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Schedules;

namespace Fleet.ControlPlane.Kinds;

/// <summary>Checks of built-in kinds beyond their schemas: what users get wrong, and what would break those who read the objects.</summary>
internal static class BuiltInValidation
{
    private static readonly string[] JobPolicies = ["OnFailure", "Never"];

    public static void Check(KindInfo kind, JsonObject body, JsonObject? old, List<ApiStatusCause> causes)
    {
        var found = new FieldCauses(causes);
        var spec = body["spec"] as JsonObject;
        switch (kind.Kind)
        {
            case "Pod":
                Pod(spec, "spec", found, "Always", "OnFailure", "Never");
                if (spec is not null && old?["spec"] is JsonObject before) PodUpdateRules.Check(spec, before, found);
                break;
            case "Deployment" or "ReplicaSet" or "StatefulSet" or "DaemonSet":
                Workload(spec, old?["spec"] as JsonObject, found);
                if (kind.Kind == "Deployment" && spec?["progressDeadlineSeconds"].Number() is { } deadline && deadline <= (spec["minReadySeconds"].Number() ?? 0))
                    found.Invalid("spec.progressDeadlineSeconds", deadline, "must be greater than minReadySeconds");
                break;
            case "Job": Pod(spec?["template"]?["spec"] as JsonObject, "spec.template.spec", found, JobPolicies); break;
            case "CronJob":
                if (spec?["schedule"].Text() is not { Length: > 0 } schedule) found.Required("spec.schedule", "");
                else if (CronSchedule.Problem(schedule) is { } problem) found.Invalid("spec.schedule", schedule, problem);
                Pod(spec?["jobTemplate"]?["spec"]?["template"]?["spec"] as JsonObject, "spec.jobTemplate.spec.template.spec", found, JobPolicies);
                break;
            case "Service": Service(spec, old?["spec"] as JsonObject, found); break;
            case "Secret" or "ConfigMap": Data(kind, body, old, found); break;
            case "Ingress": IngressValidation.Check(spec, found); break;
            case "Role" or "ClusterRole": RoleValidation.Check(body["rules"] as JsonArray, kind.Namespaced, found); break;
            case "PodDisruptionBudget":
                if (spec?["minAvailable"] is not null && spec["maxUnavailable"] is not null)
                    found.Invalid("spec", spec, "minAvailable and maxUnavailable cannot be both set");
                break;
            case "Lease":
                if (spec?["leaseDurationSeconds"].Number() is <= 0 and var duration) found.Invalid("spec.leaseDurationSeconds", duration, "must be greater than 0");
                break;
            case "HorizontalPodAutoscaler": Autoscaler(spec, found); break;
            case "RoleBinding" or "ClusterRoleBinding":
                if (body["roleRef"]?["name"].Text() is not { Length: > 0 }) found.Required("roleRef.name", "");
                if (old is not null && !JsonNode.DeepEquals(body["roleRef"], old["roleRef"]))
                    found.Invalid("roleRef", body["roleRef"], "cannot change roleRef");
                break;
            case "PersistentVolumeClaim" when old is null:
                if (spec?["accessModes"] is not JsonArray { Count: > 0 }) found.Required("spec.accessModes", "at least 1 access mode is required");
                if (spec?["resources"]?["requests"]?["storage"] is null) found.Required("spec.resources[storage]", "");
                break;
            case "CustomResourceDefinition": DefinitionValidation.Check(body, old, found); break;
        }
    }

    private static void Workload(JsonObject? spec, JsonObject? old, FieldCauses found)
    {
        if (spec is null) return;
        var selector = spec["selector"] as JsonObject;
        var labels = spec["template"]?["metadata"]?["labels"] as JsonObject;
        if (selector is null) found.Required("spec.selector", "");
        else if (selector.Count == 0) found.Invalid("spec.selector", selector, "empty selector is invalid for deployment");
        // No selector selects nothing, an empty one everything.
        if (selector is null || !LabelSelector.Parse(selector).Matches(labels))
            found.Invalid("spec.template.metadata.labels", labels, "`selector` does not match template `labels`");
        if (old is not null && !JsonNode.DeepEquals(selector, old["selector"])) found.Invalid("spec.selector", selector, "field is immutable");
        if (spec["replicas"].Number() is < 0 and var replicas) found.Invalid("spec.replicas", replicas, "must be greater than or equal to 0");
        Pod(spec["template"]?["spec"] as JsonObject, "spec.template.spec", found, "Always");
    }

    private static void Pod(JsonObject? spec, string path, FieldCauses found, params string[] policies)
    {
        if (spec?["containers"] is not JsonArray { Count: > 0 } containers)
        {
            found.Required($"{path}.containers", "");
            return;
        }
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < containers.Count; i++)
        {
            var at = $"{path}.containers[{i}]";
            if (containers[i] is not JsonObject container) continue;
            if (container["name"].Text() is not { Length: > 0 } name) found.Required($"{at}.name", "");
            else if (!names.Add(name)) found.Duplicate($"{at}.name", name);
            else MetadataRules.CheckLabelName(name, $"{at}.name", found.All);
            if (container["image"].Text() is not { Length: > 0 }) found.Required($"{at}.image", "");
            Ports(container["ports"] as JsonArray, "containerPort", $"{at}.ports", found);
            if (container["imagePullPolicy"].Text() is { Length: > 0 } pull && pull is not ("Always" or "IfNotPresent" or "Never"))
                found.NotSupported($"{at}.imagePullPolicy", pull, ["Always", "IfNotPresent", "Never"]);
        }
        if (policies.Length == 0 || spec["restartPolicy"].Text() is not { } policy || policies.Contains(policy)) return;
        // Always is the default of pods, so for a Job it mostly means that nothing was said.
        if (policies == JobPolicies && policy == "Always") found.Required($"{path}.restartPolicy", "valid values: \"OnFailure\", \"Never\"");
        else found.NotSupported($"{path}.restartPolicy", policy, policies);
    }

    private static void Autoscaler(JsonObject? spec, FieldCauses found)
    {
        var most = spec?["maxReplicas"].Number() ?? 0;
        if (most < 1) found.Required("spec.maxReplicas", "must be set and greater than 0");
        if (spec?["minReplicas"].Number() is { } least && most < least) found.Invalid("spec.maxReplicas", most, "must be greater than or equal to `minReplicas`");
        if (spec?["scaleTargetRef"]?["kind"].Text() is not { Length: > 0 }) found.Required("spec.scaleTargetRef.kind", "");
        if (spec?["scaleTargetRef"]?["name"].Text() is not { Length: > 0 }) found.Required("spec.scaleTargetRef.name", "");
    }

    private static void Service(JsonObject? spec, JsonObject? old, FieldCauses found)
    {
        if (spec is null) return;
        var type = spec["type"].Text() ?? "";
        if (type == "ExternalName")
        {
            if (spec["externalName"].Text() is not { Length: > 0 }) found.Required("spec.externalName", "");
            return;
        }
        var ports = spec["ports"] as JsonArray ?? [];
        if (ports.Count == 0 && spec["clusterIP"].Text() != "None") found.Required("spec.ports", "");
        Ports(ports, "port", "spec.ports", found);
        if (ports.Count > 1)
        {
            for (var i = 0; i < ports.Count; i++)
            {
                if (ports[i]?["name"].Text() is not { Length: > 0 }) found.Required($"spec.ports[{i}].name", "");
            }
        }
        for (var i = 0; i < ports.Count; i++)
        {
            if (ports[i]?["targetPort"].Number() is < 1 or > 65_535)
                found.Invalid($"spec.ports[{i}].targetPort", ports[i]!["targetPort"], "must be between 1 and 65535, inclusive");
        }
        for (var i = 0; i < ports.Count; i++)
        {
            if (ports[i]?["name"].Text() is { Length: > 0 } name) MetadataRules.CheckLabelName(name, $"spec.ports[{i}].name", found.All);
        }
        if (spec["sessionAffinity"].Text() is { Length: > 0 } affinity && affinity is not ("None" or "ClientIP"))
            found.NotSupported("spec.sessionAffinity", affinity, ["ClientIP", "None"]);
        if (type is not ("ClusterIP" or "NodePort" or "LoadBalancer"))
            found.NotSupported("spec.type", type, ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"]);
        var before = old?["clusterIP"].Text();
        if (before is { Length: > 0 } && old?["type"].Text() != "ExternalName" && before != spec["clusterIP"].Text())
            found.Invalid("spec.clusterIPs[0]", new JsonArray(spec["clusterIP"]?.DeepClone()), "may not change once set");
    }

    private static void Ports(JsonArray? ports, string field, string path, FieldCauses found)
    {
        for (var i = 0; i < (ports?.Count ?? 0); i++)
        {
            if (ports![i]?[field].Number() is not { } port) found.Required($"{path}[{i}].{field}", "");
            else if (port is < 1 or > 65_535) found.Invalid($"{path}[{i}].{field}", port, "must be between 1 and 65535, inclusive");
        }
    }

    private static void Data(KindInfo kind, JsonObject body, JsonObject? old, FieldCauses found)
    {
        if (old?["immutable"].IsTrue() ?? false)
        {
            if (!JsonNode.DeepEquals(body["data"], old["data"]) || !body["immutable"].IsTrue())
                found.Forbidden("data", "field is immutable when `immutable` is set");
        }
        if (kind.Kind == "Secret" && old is not null && old["type"].Text() != body["type"].Text())
            found.Invalid("type", body["type"], "field is immutable");
        if (kind.Kind == "Secret") SecretTypes.Check(body, found);
        foreach (var (key, value) in body["data"] as JsonObject ?? [])
        {
            if (key.Length is 0 or > 253 || key.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.')))
                found.Invalid($"data[{key}]", key,
                    "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', " +
                    "regex used for validation is '[-._a-zA-Z0-9]+')");
            if (kind.Kind == "Secret" && value.Text() is { } text && !IsBase64(text))
                throw ApiErrors.BadRequest($"Secret in version \"v1\" cannot be handled as a Secret: illegal base64 data in data.{key}");
        }
    }

    private static bool IsBase64(string text) => System.Buffers.Text.Base64.IsValid(text);
}

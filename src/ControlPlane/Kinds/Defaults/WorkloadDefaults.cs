using System.Text.Json.Nodes;
using static Fleet.ControlPlane.Kinds.BuiltInDefaults;

namespace Fleet.ControlPlane.Kinds;

/// <summary>Deployments, ReplicaSets, StatefulSets, DaemonSets, ReplicationControllers.</summary>
internal static class WorkloadDefaults
{
    public static void Apply(KindInfo kind, JsonObject body)
    {
        if (body["spec"] is not JsonObject spec) return;
        PodDefaults.Template(spec["template"] as JsonObject);
        if (kind.Kind != "DaemonSet") Set(spec, "replicas", 1);
        switch (kind.Kind)
        {
            case "Deployment": Deployment(spec); break;
            case "StatefulSet": StatefulSet(spec); break;
            case "DaemonSet": DaemonSet(spec); break;
            case "ReplicationController":
                if (spec["selector"] is null && spec["template"]?["metadata"]?["labels"] is { } labels) spec["selector"] = labels.DeepClone();
                break;
        }
    }

    private static void Deployment(JsonObject spec)
    {
        var strategy = Under(spec, "strategy");
        Set(strategy, "type", "RollingUpdate");
        if ((string?)strategy["type"] == "RollingUpdate")
        {
            var rolling = Under(strategy, "rollingUpdate");
            Set(rolling, "maxUnavailable", "25%");
            Set(rolling, "maxSurge", "25%");
        }
        Set(spec, "revisionHistoryLimit", 10);
        Set(spec, "progressDeadlineSeconds", 600);
    }

    private static void StatefulSet(JsonObject spec)
    {
        Set(spec, "podManagementPolicy", "OrderedReady");
        var strategy = Under(spec, "updateStrategy");
        Set(strategy, "type", "RollingUpdate");
        if ((string?)strategy["type"] == "RollingUpdate") Set(Under(strategy, "rollingUpdate"), "partition", 0);
        Set(spec, "revisionHistoryLimit", 10);
        var retention = Under(spec, "persistentVolumeClaimRetentionPolicy");
        Set(retention, "whenDeleted", "Retain");
        Set(retention, "whenScaled", "Retain");
        foreach (var claim in (spec["volumeClaimTemplates"] as JsonArray ?? []).OfType<JsonObject>())
        {
            Set(claim, "apiVersion", "v1");
            Set(claim, "kind", "PersistentVolumeClaim");
            if (claim["spec"] is JsonObject claimSpec) Set(claimSpec, "volumeMode", "Filesystem");
            claim["status"] = new JsonObject { ["phase"] = "Pending" };
        }
    }

    private static void DaemonSet(JsonObject spec)
    {
        var strategy = Under(spec, "updateStrategy");
        Set(strategy, "type", "RollingUpdate");
        if ((string?)strategy["type"] == "RollingUpdate")
        {
            var rolling = Under(strategy, "rollingUpdate");
            Set(rolling, "maxUnavailable", 1);
            Set(rolling, "maxSurge", 0);
        }
        Set(spec, "revisionHistoryLimit", 10);
    }
}

namespace Fleet.Observability.Recommendations.Advice;

/// <summary>Kinds as Kubernetes writes them; costs have them in lower case, as OpenCost.</summary>
internal static class ObjectKinds
{
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["deployment"] = "Deployment", ["statefulset"] = "StatefulSet", ["daemonset"] = "DaemonSet", ["replicaset"] = "ReplicaSet", ["job"] = "Job", ["cronjob"] = "CronJob",
        ["rollout"] = "Rollout", ["replicationcontroller"] = "ReplicationController",
    };

    public static string NameOf(string kind) => Names.GetValueOrDefault(kind, kind);
}

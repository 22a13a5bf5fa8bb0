using System.Text.RegularExpressions;

namespace Fleet.Observability.Query.Records;

/// <summary>Which pods an object of a managed cluster stands for, by the names that its controllers give them. Pure.</summary>
internal sealed record WorkloadFilter
{
    private const string Generated = "[a-z0-9]{5}";

    public string? Namespace { get; init; }

    public string? Pod { get; init; }

    /// <summary>A regular expression of whole names.</summary>
    public string? PodPattern { get; init; }

    public string? Node { get; init; }

    /// <summary>Null for the cluster itself: everything in it.</summary>
    /// <exception cref="TelemetryQueryException">Pods do not belong to such a kind.</exception>
    public static WorkloadFilter? Of(string kind, string? @namespace, string name)
    {
        if (kind is "ClusterDeployment" or "Cluster")
            return null;
        if (kind == "Node")
            return new() { Node = name };
        if (kind == "Namespace")
            return new() { Namespace = name };
        var pods = new WorkloadFilter { Namespace = @namespace ?? throw new TelemetryQueryException($"namespace is needed for a {kind}") };
        var escaped = Regex.Escape(name);
        return kind switch
        {
            "Pod" => pods with { Pod = name },
            "Deployment" => pods with { PodPattern = $"^{escaped}-[a-z0-9]{{1,10}}-{Generated}$" },
            "ReplicaSet" or "DaemonSet" or "Job" or "ReplicationController" => pods with { PodPattern = $"^{escaped}-{Generated}$" },
            "StatefulSet" => pods with { PodPattern = $"^{escaped}-[0-9]+$" },
            "CronJob" => pods with { PodPattern = $"^{escaped}-[0-9]+-{Generated}$" },
            _ => throw new TelemetryQueryException(
                "kind is ClusterDeployment, Node, Namespace, Pod, Deployment, ReplicaSet, StatefulSet, DaemonSet, Job, CronJob or ReplicationController"),
        };
    }
}

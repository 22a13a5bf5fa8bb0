using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Simulation.Usage;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Objects;
using Fleet.Observability.Backfill;

namespace Fleet.Host.Demo;

/// <summary>What would have run in the simulated clusters of this process, had they always been there.</summary>
internal sealed class SimulatedPast(IClusterRegistry clusters) : IPastPods
{
    private static readonly ResourceKind[] Workloads = [CoreTypes.Deployments.Kind, CoreTypes.StatefulSets.Kind, CoreTypes.DaemonSets.Kind];

    private readonly ConcurrentDictionary<string, int> seen = new(StringComparer.Ordinal);

    /// <summary>Once there are workloads beside the system's, and none has come since it was asked the last time: a cluster that is being filled would have half a past.</summary>
    public bool Knows(string clusterUid)
    {
        if (Find(clusterUid) is not { } cluster)
            return false;
        var now = Workloads.SelectMany(kind => cluster.List(kind)).Count(workload => (string?)workload["metadata"]?["namespace"] != "kube-system");
        var before = seen.TryGetValue(clusterUid, out var counted) ? counted : -1;
        seen[clusterUid] = now;
        return now > 0 && now == before;
    }

    public IEnumerable<PastPodUsage> Of(string clusterUid, DateTimeOffset from, DateTimeOffset to) =>
        Find(clusterUid) is { } cluster ? PastPods.Of(cluster, from, to).Select(Usage) : [];

    private static PastPodUsage Usage(PastPod past)
    {
        var started = past.Started.UtcDateTime;
        past.Pod["status"] = new JsonObject
        {
            ["phase"] = "Running",
            ["containerStatuses"] = new JsonArray(
            [
                .. (past.Pod["spec"]?["containers"] as JsonArray ?? []).Select(container => new JsonObject
                {
                    ["name"] = (string?)container?["name"], ["ready"] = true, ["state"] = new JsonObject { ["running"] = new JsonObject { ["startedAt"] = $"{started:yyyy-MM-ddTHH:mm:ssZ}" } },
                }),
            ]),
        };
        return new(past.Pod.Deserialize(CoreTypes.Pods.Json)!, past.Started, past.Ended, [.. past.Containers.Select(container => new Func<DateTimeOffset, DateTimeOffset, PastUsage>((from, to) =>
        {
            var used = container.Between(past.Started, from, to);
            return new(used.CpuSeconds, used.CpuCoresMost, used.MemoryByteSeconds, used.WorkingSetBytesMost, used.BytesReceived, used.BytesSent);
        }))]);
    }

    private IClusterApi? Find(string clusterUid) => clusters.Clusters.FirstOrDefault(cluster =>
        (string?)cluster.Get(CoreTypes.Namespaces.Kind, ObjectKey.Cluster("kube-system"))?["metadata"]?["uid"] == clusterUid);
}

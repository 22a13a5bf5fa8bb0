using Fleet.Kubernetes.Resources;
using Fleet.Observability.Clusters;
using Fleet.Observability.Kubelets;
using Fleet.Observability.Metrics;

namespace Fleet.Observability.Collection;

/// <summary>Looks at a cluster once, from outside or as its agent.</summary>
internal sealed class ClusterLooker(PodMetricsReader metrics, KubeletReader kubelets, TimeProvider clock)
{
    /// <summary>Throws <c>KubeApiException</c> only when the API server itself does not answer.</summary>
    /// <param name="clusterUid">Of the cluster, as its counters are kept by.</param>
    public async Task<SeenLook> LookAsync(IKubernetesClient client, string clusterUid, ClusterObjects objects, IKubelets door, KubeletSource source, CancellationToken ct)
    {
        var reading = await metrics.ReadAsync(client, ct);
        var ahead = Ahead(reading.ClockOffset);
        var told = await kubelets.ReadAsync(door, clusterUid, objects.Snapshot(), source, ahead, ct);
        var seen = objects.Snapshot();
        var departed = objects.TakeDeparted();
        return new()
        {
            Seen = seen,
            Departed = departed,
            Usage = reading.Of(seen.Pods.Concat(departed.Select(pod => pod.Row))),
            Told = told,
            Time = clock.GetUtcNow(),
            Ahead = ahead,
            Problems = [.. ProblemsOf(seen, reading, ahead), .. told.Problems],
        };
    }

    private static IEnumerable<string> ProblemsOf(ClusterSnapshot seen, PodMetricsReading reading, TimeSpan ahead) =>
    [
        .. seen.Problems,
        .. reading.Problem is { } problem ? [problem] : Array.Empty<string>(),
        .. reading is { Problem: null, Containers.Count: 0 } && seen.Pods.Any(pod => pod.Containers.Count > 0) ? ["the metrics API has figures of no pod: usage is not known"] : Array.Empty<string>(),
        .. ahead is { Ticks: not 0 } ? [$"the cluster's clock is {ahead.Duration():g} {(ahead > TimeSpan.Zero ? "ahead" : "behind")}"] : Array.Empty<string>(),
    ];

    /// <summary>HTTP tells seconds, and an answer takes its time: a small difference is none.</summary>
    public static TimeSpan Ahead(TimeSpan offset) => offset.Duration() < TimeSpan.FromSeconds(10) ? TimeSpan.Zero : offset;
}

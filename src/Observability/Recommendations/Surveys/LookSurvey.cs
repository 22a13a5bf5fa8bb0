using Fleet.Cost.Packing;
using Fleet.Kubernetes.Objects;
using Fleet.Observability.Clusters;
using Fleet.Observability.Objects;

namespace Fleet.Observability.Recommendations.Surveys;

/// <summary>
/// What a look tells of a cluster that can not be read, since only its agent reaches it: what runs and what it requests, mounts and serves. Autoscalers, limits, taints, affinities and disruption budgets
/// are not in it. Pure.
/// </summary>
internal static class LookSurvey
{
    public static ClusterSurvey Of(ClusterSnapshot seen) => new()
    {
        IsOfLook = true,
        Pods = [.. seen.Pods.Where(IsThere).Select(Pod)],
        // A service without a selector has endpoints that somebody else writes.
        Served = seen.Services.Where(service => service.Selector.Values.Count == 0 || seen.Pods.Any(pod => service.Selects(pod) && Runs(pod))).Select(service => service.Key).ToHashSet<ObjectKey>(),
    };

    /// <summary>Pods of Jobs stay when they are over; all others are there to run, also while they do not.</summary>
    private static bool IsThere(PodRow pod) => pod.ControllerKind != "job" || Runs(pod);

    private static bool Runs(PodRow pod) => pod.Containers.Any(container => container.Ended is null);

    private static SurveyPod Pod(PodRow pod) => new()
    {
        Workload = new(pod.Key.Namespace, pod.ControllerKind, pod.Controller),
        Key = pod.Key,
        Node = pod.Node,
        IsThere = true,
        Created = pod.Containers.Count > 0 ? pod.Containers.Min(container => container.Started) : default,
        Labels = pod.Labels.Values,
        Containers = [.. pod.Containers.Select(container => new SurveyContainer(container.Name, container.CpuRequest, container.RamRequest, null, null))],
        Claims = [.. pod.Claims],
        Packing = new PackingPod { Name = pod.Key.ToString(), Node = pod.Node, Requests = new Dictionary<string, double>(), StaysBecause = "only the cluster's agent sees it" },
    };
}

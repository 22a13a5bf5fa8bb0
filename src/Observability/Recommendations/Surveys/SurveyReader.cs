using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Observability.Recommendations.Surveys;

/// <summary>
/// Reads a cluster for advice, in pages, about once an hour: a watch of whole pods would cost memory all day for it. A kind that the cluster does not have is empty; whatever else goes wrong is
/// an exception, since advice about half of a cluster would be wrong.
/// </summary>
internal static class SurveyReader
{
    private const string ServiceName = "kubernetes.io/service-name";

    private static readonly ResourceKind Pods = new("", "v1", "Pod", "pods", Namespaced: true);
    private static readonly ResourceKind Nodes = new("", "v1", "Node", "nodes", Namespaced: false);
    private static readonly ResourceKind Horizontal = new("autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", Namespaced: true);
    private static readonly ResourceKind Vertical = new("autoscaling.k8s.io", "v1", "VerticalPodAutoscaler", "verticalpodautoscalers", Namespaced: true);
    private static readonly ResourceKind Budgets = new("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets", Namespaced: true);
    private static readonly ResourceKind Volumes = new("", "v1", "PersistentVolume", "persistentvolumes", Namespaced: false);
    private static readonly ResourceKind CsiNodes = new("storage.k8s.io", "v1", "CSINode", "csinodes", Namespaced: false);
    private static readonly ResourceKind Slices = new("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices", Namespaced: true);

    /// <exception cref="KubeApiException">Something could not be read.</exception>
    public static async Task<ClusterSurvey> ReadAsync(IKubernetesClient cluster, CancellationToken ct)
    {
        var budgets = await ListAsync(cluster, Budgets, budget => (Tight: TightBudget.Of(budget), Any: DisruptionBudget.Of(budget)), ct);
        return new()
        {
            Nodes = [.. await NodesAsync(cluster, ct)],
            Pods = VolumePlacer.Place(
                [.. (await ListAsync(cluster, Pods, SurveyPod.Of, ct)).Where(pod => pod.IsThere)], (await ListAsync(cluster, Volumes, SurveyVolume.Of, ct)).OfType<SurveyVolume>()),
            HorizontalScalers = await ListAsync(cluster, Horizontal, HorizontalScaler.Of, ct),
            VerticalScalers = await ListAsync(cluster, Vertical, VerticalScaler.Of, ct),
            TightBudgets = [.. budgets.Select(budget => budget.Tight).OfType<TightBudget>()],
            Budgets = [.. budgets.Select(budget => budget.Any)],
            Served = (await ListAsync(cluster, Slices, Served, ct)).OfType<ObjectKey>().ToHashSet(),
        };
    }

    private static async Task<IEnumerable<Cost.Packing.PackingNode>> NodesAsync(IKubernetesClient cluster, CancellationToken ct)
    {
        var drivers = (await ListAsync(cluster, CsiNodes, csi => csi, ct)).ToDictionary(csi => csi.Key.Name);
        return (await ListAsync(cluster, Nodes, SurveyNode.Of, ct)).Select(node => VolumePlacer.WithLimits(node, drivers.GetValueOrDefault(node.Name)));
    }

    private static async Task<IReadOnlyList<T>> ListAsync<T>(IKubernetesClient cluster, ResourceKind kind, Func<DynamicObject, T> project, CancellationToken ct)
    {
        try
        {
            return (await cluster.Dynamic(kind).ListAsync(ListOptions.All, project, ct)).Items;
        }
        catch (KubeApiException e) when (e.IsNotFound)
        {
            return [];
        }
    }

    /// <summary>Absent readiness is to be read as ready.</summary>
    private static ObjectKey? Served(DynamicObject slice) =>
        slice.Metadata.Labels?.GetValueOrDefault(ServiceName) is { } service && SurveyPod.Items(slice.At("endpoints")).Any(endpoint => (bool?)endpoint["conditions"]?["ready"] != false)
            ? new(slice.Key.Namespace, service)
            : null;
}

using Fleet.Observability.Objects;

namespace Fleet.Observability.Pricing;

/// <summary>By which labels Karpenter, the managed services and Cluster API's users say which pool a machine is of.</summary>
internal static class NodePools
{
    private static readonly string[] Pools =
    [
        "karpenter.sh/nodepool", "eks.amazonaws.com/nodegroup", "cloud.google.com/gke-nodepool", "kubernetes.azure.com/agentpool", "node.cluster.x-k8s.io/pool",
    ];

    private static readonly string[] Models = ["nvidia.com/gpu.product", "cloud.google.com/gke-accelerator", "amd.com/gpu.product-name", "k8s.amazonaws.com/accelerator"];

    public static string PoolOf(NodeRow node) => First(node, Pools);

    public static string GpuModelOf(NodeRow node) => First(node, Models);

    private static string First(NodeRow node, string[] labels) => labels.Select(label => node.Labels[label]).FirstOrDefault(value => !string.IsNullOrEmpty(value)) ?? "";
}

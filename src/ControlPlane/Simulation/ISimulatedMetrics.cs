using System.Text.Json.Nodes;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Simulation.Kubelets;

namespace Fleet.ControlPlane.Simulation;

/// <summary>
/// metrics.k8s.io/v1beta1 and the kubelets of a simulated cluster, computed when asked for and never stored: the same cluster, object and
/// time give the same figures, so that graphs are smooth and tests repeatable (counters of whole nodes alone begin when they are first asked for).
/// Any cluster with nodes and pods will do.
/// </summary>
public interface ISimulatedMetrics
{
    /// <summary><c>NodeMetrics</c> of all nodes that the selector (Kubernetes' string form) picks.</summary>
    IReadOnlyList<JsonObject> Nodes(IClusterApi cluster, string? labelSelector = null);

    /// <summary>Null when there is no such node.</summary>
    JsonObject? Node(IClusterApi cluster, string name);

    /// <summary><c>PodMetrics</c> of running pods; a null namespace means all.</summary>
    IReadOnlyList<JsonObject> Pods(IClusterApi cluster, string? @namespace = null, string? labelSelector = null);

    /// <summary>Null when there is no such pod or it does not run.</summary>
    JsonObject? Pod(IClusterApi cluster, string @namespace, string name);

    /// <summary>What the kubelet of a node answers at a path like <c>metrics/resource</c>; null when there is no such node or it does not answer.</summary>
    KubeletAnswer? Kubelet(IClusterApi cluster, string node, string path, bool onlyCpuAndMemory);
}

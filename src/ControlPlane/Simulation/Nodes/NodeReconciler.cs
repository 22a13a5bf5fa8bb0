using Fleet.ControlPlane.Simulation.Clusters;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Simulation.Nodes;

/// <summary>Removes the pods of nodes that are gone, as the pod garbage collector does.</summary>
internal sealed class NodeReconciler : WorkloadReconciler
{
    protected override async ValueTask<TimeSpan?> ReconcileAsync(WorkloadCluster cluster, ObjectKey key, CancellationToken ct)
    {
        if (cluster.Api.Get(CoreKinds.Node, key) is not null)
            return null;
        foreach (var pod in cluster.Nodes.PodsOn(key.Name).ToList())
            await cluster.Api.DeleteAsync(CoreKinds.Pod, pod, new() { GracePeriodSeconds = 0 }, ct);
        return null;
    }
}

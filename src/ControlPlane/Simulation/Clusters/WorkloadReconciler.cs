using Fleet.ControlPlane.Simulation.Scheduling;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Simulation.Clusters;

/// <summary>A reconciler of objects inside simulated clusters.</summary>
internal abstract class WorkloadReconciler : IReconciler
{
    ValueTask<TimeSpan?> IReconciler.ReconcileAsync(ClusterScope scope, ObjectKey key, CancellationToken ct) =>
        ReconcileAsync((WorkloadCluster)scope, key, ct);

    protected abstract ValueTask<TimeSpan?> ReconcileAsync(WorkloadCluster cluster, ObjectKey key, CancellationToken ct);
}

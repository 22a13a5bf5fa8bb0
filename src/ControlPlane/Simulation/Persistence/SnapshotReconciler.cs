using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Simulation.Scheduling;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Simulation.Persistence;

/// <summary>Writes a cluster's file; queued with a delay by its changes, so that a burst of them is one write.</summary>
internal sealed class SnapshotReconciler : IReconciler
{
    public static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(200);

    public ValueTask<TimeSpan?> ReconcileAsync(ClusterScope scope, ObjectKey key, CancellationToken ct)
    {
        ((Cluster)scope.Api).Settings.Snapshots?.Save(scope.Api.Name);
        return new((TimeSpan?)null);
    }
}

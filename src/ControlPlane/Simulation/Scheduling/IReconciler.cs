using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Simulation.Scheduling;

/// <summary>
/// Makes one object so, by key: reads everything, plans, applies. One instance serves every cluster, so it keeps no state;
/// what must be kept lives in the scope. Never called twice at once in one <see cref="Lane"/>.
/// </summary>
internal interface IReconciler
{
    /// <summary>Null, or after how long to look again although nothing changed.</summary>
    ValueTask<TimeSpan?> ReconcileAsync(ClusterScope scope, ObjectKey key, CancellationToken ct);
}

/// <summary>One thing to do: an object's key for a reconciler.</summary>
internal readonly record struct WorkItem(IReconciler Reconciler, ObjectKey Key);

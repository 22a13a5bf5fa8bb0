using Fleet.ControlPlane.Simulation.Clusters;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.ControlPlane.Simulation.Pods;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Simulation.Workloads;

/// <summary>Keeps a ReplicaSet's pods at their number.</summary>
internal sealed class ReplicaSetReconciler : WorkloadReconciler
{
    protected override async ValueTask<TimeSpan?> ReconcileAsync(WorkloadCluster cluster, ObjectKey key, CancellationToken ct)
    {
        if (cluster.Api.Get(CoreKinds.ReplicaSet, key) is not { } set || set.IsDeleting())
            return null;
        var pods = await cluster.ClaimAsync(CoreKinds.Pod, set, ct);
        var plan = ReplicaSetPlanner.Plan(set, pods, cluster.Now);
        for (var i = 0; i < plan.Create; i++)
            await cluster.CreatePodAsync(PodTemplates.MakePod(set, PodTemplates.RandomName(cluster, set)), ct);
        await cluster.DeletePodsAsync(plan.Delete, ct);
        // Pods that were just made or deleted come back as changes; the status of before is not worth writing.
        if (plan.Create == 0 || set.Number("status", "observedGeneration") is null)
            await cluster.WriteStatusAsync(CoreKinds.ReplicaSet, key, plan.Status, ct);
        return plan.CheckAgain;
    }
}

using Fleet.ControlPlane.Simulation.Clusters;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Simulation.Workloads;

/// <summary>Runs StatefulSets, with their claims.</summary>
internal sealed class StatefulSetReconciler : WorkloadReconciler
{
    protected override async ValueTask<TimeSpan?> ReconcileAsync(WorkloadCluster cluster, ObjectKey key, CancellationToken ct)
    {
        if (cluster.Api.Get(CoreKinds.StatefulSet, key) is not { } set || set.IsDeleting())
            return null;
        var pods = await cluster.ClaimAsync(CoreKinds.Pod, set, ct);
        var plan = StatefulSetPlanner.Plan(set, pods, cluster.Now);
        foreach (var claim in plan.Claims)
        {
            if (cluster.Api.Get(CoreKinds.PersistentVolumeClaim, claim.KeyOf()) is null)
                await cluster.Api.CreateAsync(CoreKinds.PersistentVolumeClaim, claim, ct);
        }
        foreach (var pod in plan.Create)
            await cluster.CreatePodAsync(pod, ct);
        await cluster.DeletePodsAsync(plan.Delete, ct);
        await cluster.WriteStatusAsync(CoreKinds.StatefulSet, key, plan.Status, ct);
        return plan.CheckAgain;
    }
}

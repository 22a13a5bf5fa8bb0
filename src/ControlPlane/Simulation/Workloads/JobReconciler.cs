using Fleet.ControlPlane.Simulation.Clusters;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.ControlPlane.Simulation.Pods;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Simulation.Workloads;

/// <summary>Runs Jobs to completion, and removes them after their time to live.</summary>
internal sealed class JobReconciler : WorkloadReconciler
{
    protected override async ValueTask<TimeSpan?> ReconcileAsync(WorkloadCluster cluster, ObjectKey key, CancellationToken ct)
    {
        if (cluster.Api.Get(CoreKinds.Job, key) is not { } job || job.IsDeleting())
            return null;
        var pods = await cluster.ClaimAsync(CoreKinds.Pod, job, ct);
        var plan = JobPlanner.Plan(job, pods, cluster.Now);
        if (plan.Expired)
        {
            await cluster.Api.DeleteAsync(CoreKinds.Job, key, new() { Propagation = DeletionPropagation.Background }, ct);
            return null;
        }
        for (var i = 0; i < plan.Create; i++)
            await cluster.CreatePodAsync(JobPlanner.MakePod(job, PodTemplates.RandomName(cluster, job)), ct);
        await cluster.DeletePodsAsync(plan.Delete, ct);
        if (plan.Status is { } status)
            await cluster.WriteStatusAsync(CoreKinds.Job, key, status, ct);
        return plan.CheckAgain;
    }
}

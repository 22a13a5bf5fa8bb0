using Fleet.ControlPlane.Simulation.Clusters;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.ControlPlane.Simulation.Pods;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Simulation.Workloads;

/// <summary>Keeps one pod of a DaemonSet on every node that admits it.</summary>
internal sealed class DaemonSetReconciler : WorkloadReconciler
{
    protected override async ValueTask<TimeSpan?> ReconcileAsync(WorkloadCluster cluster, ObjectKey key, CancellationToken ct)
    {
        if (cluster.Api.Get(CoreKinds.DaemonSet, key) is not { } set || set.IsDeleting())
            return null;
        var pods = await cluster.ClaimAsync(CoreKinds.Pod, set, ct);
        var plan = DaemonSetPlanner.Plan(set, cluster.Nodes.All, pods, cluster.Now);
        foreach (var node in plan.Nodes)
            await cluster.CreatePodAsync(DaemonSetPlanner.MakePod(set, node, plan.Revision, PodTemplates.RandomName(cluster, set)), ct);
        await cluster.DeletePodsAsync(plan.Delete, ct);
        await cluster.WriteStatusAsync(CoreKinds.DaemonSet, key, plan.Status, ct);
        return plan.CheckAgain;
    }
}

using System.Globalization;
using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Clusters;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Simulation.Workloads;

/// <summary>Rolls Deployments out.</summary>
internal sealed class DeploymentReconciler : WorkloadReconciler
{
    protected override async ValueTask<TimeSpan?> ReconcileAsync(WorkloadCluster cluster, ObjectKey key, CancellationToken ct)
    {
        if (cluster.Api.Get(CoreKinds.Deployment, key) is not { } deployment || deployment.IsDeleting())
            return null;
        var sets = await cluster.ClaimAsync(CoreKinds.ReplicaSet, deployment, ct);
        var plan = DeploymentPlanner.Plan(deployment, sets, OldPods(cluster, deployment, sets), cluster.Now);
        if (plan.Create is { } set)
            await CreateAsync(cluster, deployment, set, ct);
        foreach (var (name, replicas) in plan.Scale)
            await ScaleAsync(cluster, deployment, name, replicas, ct);
        foreach (var surplus in plan.Delete)
            await cluster.Api.DeleteAsync(CoreKinds.ReplicaSet, surplus, DeleteOptions.Background, ct);
        if (plan.Revision is { } revision)
            await NoteRevisionAsync(cluster, deployment, plan, revision, ct);
        await cluster.WriteStatusAsync(CoreKinds.Deployment, key, plan.Status, ct);
        return plan.CheckAgain;
    }

    private static List<JsonObject> OldPods(WorkloadCluster cluster, JsonObject deployment, List<JsonObject> sets)
    {
        if (deployment.Text("spec", "strategy", "type") != "Recreate" || sets.Count == 0)
            return [];
        var uids = sets.Select(s => s.Uid()).ToHashSet();
        return cluster.Api.List(CoreKinds.Pod, deployment.NamespaceOf()).Where(p => p.Controller()?.Text("uid") is { } uid && uids.Contains(uid)).ToList();
    }

    private static async ValueTask CreateAsync(WorkloadCluster cluster, JsonObject deployment, JsonObject set, CancellationToken ct)
    {
        cluster.RememberOwner(new("ReplicaSet", set.KeyOf()), new("Deployment", deployment.KeyOf()));
        await cluster.Api.CreateAsync(CoreKinds.ReplicaSet, set, ct);
        await NoteScaleAsync(cluster, deployment, set.NameOf(), 0, Rollout.Replicas(set), ct);
    }

    private static async ValueTask ScaleAsync(WorkloadCluster cluster, JsonObject deployment, ObjectKey name, int replicas, CancellationToken ct)
    {
        var before = replicas;
        await cluster.Api.ChangeAsync(CoreKinds.ReplicaSet, name, s =>
        {
            before = Rollout.Replicas(s);
            s.Ensure("metadata", "annotations")["deployment.kubernetes.io/desired-replicas"] =
                (deployment.Number("spec", "replicas") ?? 1).ToString(CultureInfo.InvariantCulture);
            return s.Ensure("spec").Put("replicas", replicas);
        }, status: false, ct);
        await NoteScaleAsync(cluster, deployment, name.Name, before, replicas, ct);
    }

    private static async ValueTask NoteRevisionAsync(WorkloadCluster cluster, JsonObject deployment, DeploymentPlan plan, string revision, CancellationToken ct)
    {
        if (plan.Create is null && plan.NewSet is { } set)
            await cluster.Api.ChangeAsync(CoreKinds.ReplicaSet, set, s =>
            {
                var cause = deployment.Annotation("kubernetes.io/change-cause");
                var changed = s.Ensure("metadata", "annotations").Put(DeploymentPlanner.RevisionAnnotation, revision);
                return changed | (cause is not null && s.Ensure("metadata", "annotations").Put("kubernetes.io/change-cause", cause));
            }, status: false, ct);
        if (deployment.Annotation(DeploymentPlanner.RevisionAnnotation) != revision)
            await cluster.Api.ChangeAsync(CoreKinds.Deployment, deployment.KeyOf(),
                d => d.Ensure("metadata", "annotations").Put(DeploymentPlanner.RevisionAnnotation, revision), status: false, ct);
    }

    private static ValueTask NoteScaleAsync(WorkloadCluster cluster, JsonObject deployment, string set, int from, int to, CancellationToken ct)
    {
        // What the cluster itself is made of is of no interest, and a thousand clusters have it.
        if (from == to || deployment.NamespaceOf() == "kube-system")
            return ValueTask.CompletedTask;
        return cluster.RecordAsync(deployment, "Normal", "ScalingReplicaSet",
            $"Scaled {(to > from ? "up" : "down")} replica set {set} from {from} to {to}", "deployment-controller", ct);
    }
}

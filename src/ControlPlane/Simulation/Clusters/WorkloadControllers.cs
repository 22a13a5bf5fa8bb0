using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Simulation.Networking;
using Fleet.ControlPlane.Simulation.Nodes;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.ControlPlane.Simulation.Pods;
using Fleet.ControlPlane.Simulation.Policies;
using Fleet.ControlPlane.Simulation.Scheduling;
using Fleet.ControlPlane.Simulation.Storage;
using Fleet.ControlPlane.Simulation.Workloads;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Simulation.Clusters;

/// <summary>The reconcilers of simulated clusters, shared by all of them, and which change makes which of them look at what.</summary>
internal sealed class WorkloadControllers
{
    private readonly PodReconciler pods = new();
    private readonly NodeReconciler nodes = new();
    private readonly ServiceReconciler services = new();
    private readonly DaemonSetReconciler daemonSets = new();
    private readonly DisruptionBudgetReconciler budgets = new();
    private readonly Dictionary<(string Group, string Kind), (ResourceKind Resource, IReconciler Reconciler)> byKind;

    public WorkloadControllers()
    {
        (ResourceKind Resource, IReconciler Reconciler)[] all =
        [
            (CoreKinds.Node, nodes),
            (CoreKinds.PersistentVolumeClaim, new ClaimReconciler()),
            (CoreKinds.Deployment, new DeploymentReconciler()),
            (CoreKinds.ReplicaSet, new ReplicaSetReconciler()),
            (CoreKinds.StatefulSet, new StatefulSetReconciler()),
            (CoreKinds.DaemonSet, daemonSets),
            (CoreKinds.CronJob, new CronJobReconciler()),
            (CoreKinds.Job, new JobReconciler()),
            (CoreKinds.Pod, pods),
            (CoreKinds.Service, services),
            (CoreKinds.Ingress, new IngressReconciler()),
            (CoreKinds.PodDisruptionBudget, budgets),
            (CoreKinds.HorizontalPodAutoscaler, new AutoscalerReconciler()),
        ];
        byKind = all.ToDictionary(r => (r.Resource.Group, r.Resource.Kind));
    }

    /// <summary>Everything that is there is looked at once.</summary>
    public void EnqueueAll(WorkloadCluster cluster, Action<WorkItem> enqueue)
    {
        foreach (var (resource, reconciler) in byKind.Values)
        {
            foreach (var obj in cluster.Api.List(resource))
            {
                var key = obj.KeyOf();
                Note(cluster, resource, key, present: true);
                if (obj.Controller() is { } owner)
                    cluster.RememberOwner(new(resource.Kind, key), new(owner.Text("kind")!, new(key.Namespace, owner.Text("name")!)));
                enqueue(new(reconciler, key));
            }
        }
    }

    /// <summary>Runs on the writer's thread: notes who has to look, and nothing else.</summary>
    public void Route(WorkloadCluster cluster, ClusterChange change, Action<WorkItem> enqueue)
    {
        if (!byKind.TryGetValue((change.Kind.Group, change.Kind.Kind), out var entry) || change.Type == WatchEventType.Bookmark)
            return;
        var deleted = change.Type == WatchEventType.Deleted;
        Note(cluster, entry.Resource, change.Key, !deleted);
        enqueue(new(entry.Reconciler, change.Key));
        EnqueueOwner(cluster, entry.Resource.Kind, change.Key, deleted, enqueue);
        if (ReferenceEquals(entry.Reconciler, pods))
        {
            foreach (var service in cluster.Services.In(change.Key.Namespace))
                enqueue(new(services, service));
            foreach (var budget in cluster.Budgets.In(change.Key.Namespace))
                enqueue(new(budgets, budget));
        }
        else if (ReferenceEquals(entry.Reconciler, nodes))
        {
            cluster.Nodes.Invalidate();
            foreach (var set in cluster.DaemonSets.In(null))
                enqueue(new(daemonSets, set));
        }
    }

    private void EnqueueOwner(WorkloadCluster cluster, string kind, ObjectKey key, bool deleted, Action<WorkItem> enqueue)
    {
        // A claim's owner is the volume that was made for it; its own reconciler settles that.
        if (kind == "PersistentVolumeClaim" || cluster.OwnerOf(new(kind, key)) is not { } owner)
            return;
        if (deleted)
            cluster.ForgetOwner(new(kind, key));
        if (byKind.TryGetValue((GroupOf(owner.Kind), owner.Kind), out var entry))
            enqueue(new(entry.Reconciler, owner.Key));
    }

    private static string GroupOf(string kind) => kind is "Job" or "CronJob" ? "batch" : "apps";

    private static void Note(WorkloadCluster cluster, ResourceKind kind, ObjectKey key, bool present)
    {
        var known = kind.Kind switch
        {
            "Service" => cluster.Services,
            "PodDisruptionBudget" => cluster.Budgets,
            "DaemonSet" => cluster.DaemonSets,
            _ => null,
        };
        known?.Note(key, present);
    }
}

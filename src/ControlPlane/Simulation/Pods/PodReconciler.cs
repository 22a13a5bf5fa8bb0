using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Nodes;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.ControlPlane.Simulation.Clusters;
using Fleet.ControlPlane.Simulation.Usage;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Simulation.Pods;

/// <summary>The scheduler and every kubelet of a cluster: binds pods to nodes and walks them through their lives.</summary>
internal sealed class PodReconciler : WorkloadReconciler
{
    private static readonly TimeSpan LookForMissing = TimeSpan.FromSeconds(2);
    private static readonly DeleteOptions Now = new() { GracePeriodSeconds = 0 };

    protected override async ValueTask<TimeSpan?> ReconcileAsync(WorkloadCluster cluster, ObjectKey key, CancellationToken ct)
    {
        if (cluster.Api.Get(CoreKinds.Pod, key) is not { } pod)
        {
            cluster.Nodes.Release(key);
            cluster.ForgetSteps(key);
            return null;
        }
        if (pod.IsDeleting())
            return await TerminateAsync(cluster, pod, key, ct);
        if (pod.IsFinished())
        {
            cluster.Nodes.Release(key);
            cluster.ForgetSteps(key);
            return null;
        }
        if (pod.Text("spec", "nodeName") is not { Length: > 0 } nodeName)
            return await BindAsync(cluster, pod, key, ct);
        if (cluster.Nodes.Find(nodeName) is not { } node)
        {
            // The node is gone, and with it its kubelet: the pod garbage collector removes what was on it.
            await cluster.Api.DeleteAsync(CoreKinds.Pod, key, Now, ct);
            return null;
        }
        return await RunAsync(cluster, pod, key, node, ct);
    }

    private static async ValueTask<TimeSpan?> TerminateAsync(WorkloadCluster cluster, JsonObject pod, ObjectKey key, CancellationToken ct)
    {
        var grace = TimeSpan.FromSeconds(pod.Number("metadata", "deletionGracePeriodSeconds") ?? 30);
        var length = grace < cluster.Timings.PodGrace ? grace : cluster.Timings.PodGrace;
        var left = pod.Time("metadata", "deletionTimestamp") - grace + length - cluster.Now;
        // Deletion times have whole seconds; more than the length itself is never waited.
        if (left > TimeSpan.Zero && pod.Text("status", "phase") == "Running")
            return left < length ? left : length;
        await cluster.Api.DeleteAsync(CoreKinds.Pod, key, Now, ct);
        return null;
    }

    private static async ValueTask<TimeSpan?> BindAsync(WorkloadCluster cluster, JsonObject pod, ObjectKey key, CancellationToken ct)
    {
        var missing = PodNeeds.UnboundClaim(cluster.Api, pod);
        var placement = missing is null ? PodPlacement.Choose(pod, cluster.Nodes.All) : new(null, missing);
        if (placement.Node is null)
        {
            if (pod.FindCondition("PodScheduled")?.Text("message") != placement.Message)
            {
                await WriteAsync(cluster, key, PodStatuses.Unschedulable(pod, placement.Message, cluster.Now), ct);
                await cluster.RecordAsync(pod, "Warning", "FailedScheduling", placement.Message, "default-scheduler", ct);
            }
            // Room may come free, or a claim be bound, without the pod changing.
            return TimeSpan.FromSeconds(1);
        }
        cluster.Nodes.Place(key, placement.Node, PodRequest.Of(pod));
        await cluster.Api.ChangeAsync(CoreKinds.Pod, key, p => p.Ensure("spec").Put("nodeName", placement.Node), status: false, ct);
        return null;
    }

    private static async ValueTask<TimeSpan?> RunAsync(WorkloadCluster cluster, JsonObject pod, ObjectKey key, NodeRoom node, CancellationToken ct)
    {
        cluster.Nodes.Place(key, node.Name, PodRequest.Of(pod));
        var facts = new PodFacts(pod, node.HostAddress, PodFaults.Of(pod), PodNeeds.Missing(cluster.Api, pod), KilledAfter(cluster, pod));
        var step = PodLifecycle.Next(facts, length => cluster.Remaining(key, length), () => AddressFor(pod, node), cluster.Timings, cluster.Now);
        if (step.Status is { } status)
        {
            cluster.StepTaken(key);
            await WriteAsync(cluster, key, status, ct);
        }
        if (step.Settled)
            cluster.ForgetSteps(key);
        if (step.Warning is { } warning)
            await cluster.RecordAsync(pod, "Warning", warning.Reason, warning.Message, "kubelet", ct);
        return step.Missing ? LookForMissing : step.Again;
    }

    private static TimeSpan? KilledAfter(WorkloadCluster cluster, JsonObject pod)
    {
        if (!pod.IsReady())
            return null;
        var space = cluster.Api.Get(CoreKinds.Namespace, ObjectKey.Cluster(pod.NamespaceOf()));
        return PodLoads.Pattern(pod, space, WorkloadName.Of(pod)).Pattern == UsagePattern.Leak
            ? PodLoads.Of(cluster.Api.Name, pod, space).Select(c => c.KilledAfter).FirstOrDefault()
            : null;
    }

    private static string AddressFor(JsonObject pod, NodeRoom node) =>
        pod.Flag("spec", "hostNetwork") ? node.HostAddress : node.NextPodAddress();

    private static async ValueTask WriteAsync(WorkloadCluster cluster, ObjectKey key, JsonObject status, CancellationToken ct) =>
        await cluster.Api.ChangeAsync(CoreKinds.Pod, key, p => p.Put("status", status.DeepClone()), status: true, ct);
}

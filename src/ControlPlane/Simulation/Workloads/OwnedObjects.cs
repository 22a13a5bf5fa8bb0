using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Clusters;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.ControlPlane.Simulation.Scheduling;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Simulation.Workloads;

/// <summary>Reading and writing the objects that a workload owns.</summary>
internal static class OwnedObjects
{
    /// <summary>What the owner controls; orphans that its selector matches are adopted first, as in upstream.</summary>
    public static async ValueTask<List<JsonObject>> ClaimAsync(this WorkloadCluster cluster, ResourceKind kind, JsonObject owner, CancellationToken ct)
    {
        var selector = owner.Child("spec", "selector");
        var result = new List<JsonObject>();
        foreach (var child in cluster.Api.List(kind, owner.NamespaceOf()))
        {
            if (child.IsControlledBy(owner))
                result.Add(child);
            else if (selector is not null && !owner.IsDeleting() && !child.IsDeleting() && child.Controller() is null
                && LabelMatch.Matches(selector, child.Strings("metadata", "labels")))
            {
                var adopted = await cluster.Api.ChangeAsync(kind, child.KeyOf(), c => c.Controller() is null && c.AddOwner(owner, controller: true), status: false, ct);
                if (adopted is not null && adopted.IsControlledBy(owner))
                    result.Add(adopted);
            }
        }
        foreach (var child in result)
            cluster.RememberOwner(new(kind.Kind, child.KeyOf()), new(owner.Text("kind")!, owner.KeyOf()));
        return result;
    }

    public static async ValueTask CreatePodAsync(this WorkloadCluster cluster, JsonObject pod, CancellationToken ct)
    {
        var owner = pod.Controller()!;
        // Before the write, so that the pod's first change finds its way.
        cluster.RememberOwner(new("Pod", pod.KeyOf()), new(owner.Text("kind")!, new(pod.NamespaceOf(), owner.Text("name")!)));
        await cluster.Api.CreateAsync(CoreKinds.Pod, pod, ct);
    }

    public static async ValueTask DeletePodsAsync(this WorkloadCluster cluster, IEnumerable<ObjectKey> pods, CancellationToken ct)
    {
        foreach (var pod in pods)
            await cluster.Api.DeleteAsync(CoreKinds.Pod, pod, DeleteOptions.Background, ct);
    }

    /// <summary>Replaces the status; conditions that it does not name are gone.</summary>
    public static async ValueTask WriteStatusAsync(this ClusterScope scope, ResourceKind kind, ObjectKey key, JsonObject status, CancellationToken ct) =>
        await scope.Api.ChangeAsync(kind, key, o => o.Put("status", status.DeepClone()), status: true, ct);
}

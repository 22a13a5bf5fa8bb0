using Fleet.Control.Kinds;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Events;
using Fleet.Kubernetes.Resources;
using Condition = Fleet.Contracts.Conditions.Condition;

namespace Fleet.ClusterManager.Clusters;

/// <summary>Tells transitions as Kubernetes events. Never blocks and never fails: status says the same.</summary>
internal sealed class ClusterEvents(IKubernetesClient client, TimeProvider clock) : IAsyncDisposable
{
    private readonly EventRecorder recorder = new(client.Resource(CoreTypes.Events), new() { Controller = "fleet-cluster-manager", Instance = Environment.MachineName, Clock = clock });

    public void Tell(ClusterDeployment cluster, IReadOnlyList<Condition> conditions)
    {
        var regarding = Regarding(cluster);
        foreach (var transition in ClusterTransitions.Between(cluster.Status?.Conditions ?? [], conditions))
            if (transition.IsWarning)
                recorder.Warning(regarding, transition.Reason, "Reconcile", transition.Message);
            else
                recorder.Normal(regarding, transition.Reason, "Reconcile", transition.Message);
    }

    /// <summary>For what is done once and leaves no condition.</summary>
    public void Warn(ClusterDeployment cluster, string reason, string message) => recorder.Warning(Regarding(cluster), reason, "Reconcile", message);

    private static ObjectReference Regarding(ClusterDeployment cluster)
    {
        // Typed objects from a list may come without their kind.
        var regarding = ObjectReference.To(cluster);
        regarding.ApiVersion = FleetKinds.ClusterDeployments.Kind.ApiVersion;
        regarding.Kind = FleetKinds.ClusterDeployments.Kind.Kind;
        return regarding;
    }

    public ValueTask DisposeAsync() => recorder.DisposeAsync();
}

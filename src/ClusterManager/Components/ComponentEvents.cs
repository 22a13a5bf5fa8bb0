using Fleet.Contracts.Conditions;
using Fleet.Control.Status;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Events;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Condition = Fleet.Contracts.Conditions.Condition;

namespace Fleet.ClusterManager.Components;

/// <summary>Tells what happens to components as Kubernetes events. Never blocks and never fails: status says the same.</summary>
internal sealed class ComponentEvents(IKubernetesClient client, TimeProvider clock) : IAsyncDisposable
{
    private readonly EventRecorder recorder = new(client.Resource(CoreTypes.Events), new() { Controller = "fleet-cluster-manager", Instance = Environment.MachineName, Clock = clock });

    /// <param name="kind">Kind of the object that owns the components.</param>
    /// <param name="owner">Its metadata.</param>
    /// <param name="before">Its conditions as they were.</param>
    /// <param name="after">Its conditions as they are now.</param>
    /// <param name="happened">What else happened.</param>
    public void Tell(ResourceKind kind, ObjectMeta owner, IReadOnlyList<Condition>? before, IReadOnlyList<Condition> after, IReadOnlyList<ComponentEvent> happened)
    {
        var regarding = new ObjectReference { ApiVersion = kind.ApiVersion, Kind = kind.Kind, Name = owner.Name, Uid = owner.Uid };
        foreach (var item in happened)
            if (item.IsWarning)
                recorder.Warning(regarding, item.Reason, "Reconcile", item.Message);
            else
                recorder.Normal(regarding, item.Reason, "Reconcile", item.Message);
        new EventOnTransition(recorder).Conditions(regarding, before, after, SharedConditions.Ready, Contracts.Components.ComponentsConditions.UpgradeBackupCompleted);
    }

    public ValueTask DisposeAsync() => recorder.DisposeAsync();
}

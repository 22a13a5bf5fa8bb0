using Fleet.Contracts.Services;
using Fleet.Control.Status;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Events;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.StateManager.Inventory;

namespace Fleet.StateManager.ServiceSets;

/// <summary>Events on a ServiceSet when the state of one of its services changes: ServiceDeployed, ServiceFailed, …</summary>
internal sealed class ServiceEvents(IKubernetesClient management, TimeProvider clock) : IAsyncDisposable
{
    private readonly EventRecorder recorder = new(
        management.Resource(CoreTypes.Events),
        new() { Controller = "fleet-state-manager", Instance = Environment.MachineName, Clock = clock });

    public void Tell(CustomResource<ServiceSetSpec, ServiceSetStatus> set, IReadOnlyList<ServiceState> before, IReadOnlyList<ServiceState> after)
    {
        var transitions = new EventOnTransition(recorder);
        var regarding = ObjectReference.To(set);
        foreach (var state in after)
        {
            var old = before.FirstOrDefault(b => b.Name == state.Name && b.Namespace == state.Namespace)?.State;
            var note = $"{state.Namespace}/{state.Name}: {state.FailureMessage ?? state.State}";
            transitions.State(regarding, old, state.State, state.State != ServiceStates.Failed, "Service", note);
        }
        foreach (var gone in before.Where(b => !after.Any(a => a.Name == b.Name && a.Namespace == b.Namespace)))
            transitions.State(regarding, gone.State, ServiceStates.Deleted, true, "Service", $"{gone.Namespace}/{gone.Name}: removed");
    }

    /// <param name="about">The object in the managed cluster: each has events of its own.</param>
    public void Object(CustomResource<ServiceSetSpec, ServiceSetStatus> set, InventoryObject about, bool isGood, string reason, string action, string note)
    {
        var related = new ObjectReference
        {
            ApiVersion = about.Type.ApiVersion, Kind = about.Type.Kind, Namespace = about.Key.Namespace, Name = about.Key.Name,
        };
        if (isGood)
            recorder.Normal(ObjectReference.To(set), reason, action, note, related);
        else
            recorder.Warning(ObjectReference.To(set), reason, action, note, related);
    }

    public ValueTask DisposeAsync() => recorder.DisposeAsync();
}

using Fleet.Contracts.Compliance;
using Fleet.Control.Status;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Events;
using Fleet.Kubernetes.Resources;
using Condition = Fleet.Contracts.Conditions.Condition;

namespace Fleet.StateManager.Compliance.Exceptions;

/// <summary>Events on a ComplianceException: InForce, Expired.</summary>
internal sealed class ComplianceEvents(IKubernetesClient management, TimeProvider clock) : IAsyncDisposable
{
    private readonly EventRecorder recorder = new(
        management.Resource(CoreTypes.Events),
        new() { Controller = "fleet-state-manager", Instance = Environment.MachineName, Clock = clock });

    public void Tell(ComplianceException item, IReadOnlyList<Condition> conditions) => new EventOnTransition(recorder).Conditions(
        ObjectReference.To(item), item.Status?.Conditions, conditions, ComplianceExceptionConditions.Active);

    public ValueTask DisposeAsync() => recorder.DisposeAsync();
}

using Fleet.Contracts.Conditions;
using Fleet.Contracts.References;
using Fleet.Contracts.Services;
using Fleet.Control.Grains;
using Fleet.Control.Kinds;
using Fleet.Control.Status;

namespace Fleet.StateManager.ServiceSets;

/// <summary>Writes the status of a ServiceSet, several times in one reconcile where steps take long.</summary>
internal sealed class ServiceSetStatusWrites(IStatusWriter writer, ServiceEvents events, StateMetrics metrics, TimeProvider clock)
{
    /// <summary>Gives the states as they are now in status.</summary>
    public async Task<IReadOnlyList<ServiceState>> WriteAsync(
        ServiceSetFacts facts, ServiceSetPlan plan, IReadOnlyCollection<ServiceResult> results, GrainOwnership ownership)
    {
        var now = clock.GetUtcNow();
        var set = facts.Object;
        var states = ServiceStatesFrom.All(plan, results, now);
        var conditions = ServiceSetConditionsFrom.All(facts, plan, states);
        var cluster = ServiceSetIndex.ClusterOf(set);
        var status = new ServiceSetStatus
        {
            Deployed = states.Count > 0 && states.TrueForAll(s => s.State == ServiceStates.Deployed),
            Cluster = new ObjectReference { Kind = "ClusterDeployment", Name = cluster.Name, Namespace = cluster.Namespace },
            Provider = new ServiceProviderState { Ready = !facts.IsSuspended, Suspended = facts.IsSuspended },
            Services = states,
            ObservedGeneration = set.Metadata.Generation,
        };
        var before = set.Status?.Services ?? [];
        await writer.WriteAsync(StatusChange.Of(FleetKinds.ServiceSets, set, status, conditions, ServiceSetConditionsFrom.Owned, ownership));
        events.Tell(set, before, states);
        foreach (var state in states)
            if (before.Find(b => b.Name == state.Name && b.Namespace == state.Namespace)?.State != state.State)
                metrics.Changed(state.State);
        // What the next write of this reconcile starts from.
        status.Conditions = [.. new ConditionSet(set.Status?.Conditions ?? []).Replace(ServiceSetConditionsFrom.Owned, conditions, StatusTime.Of(now))];
        set.Status = status;
        return states;
    }
}

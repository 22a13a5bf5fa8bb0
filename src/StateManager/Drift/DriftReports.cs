using Fleet.Contracts.Conditions;
using Fleet.Contracts.Services;
using Fleet.StateManager.Drift.History;
using Fleet.StateManager.ServiceSets;

namespace Fleet.StateManager.Drift;

/// <summary>Tells of drift once per change: events on the ServiceSet, metrics, history.</summary>
internal sealed class DriftReports(ServiceEvents events, StateMetrics metrics, IDriftHistory history, TimeProvider clock)
{
    public void Tell(ServiceSetFacts facts, ServiceSetPlan plan)
    {
        foreach (var service in plan.Services)
        {
            if (service.Drift is not { } drift)
                continue;
            foreach (var corrected in drift.Corrected)
                Tell(facts, service, corrected, DriftAction.Corrected);
            if (DriftConditionFrom.Of(drift) is not { } condition || Before(service)?.Message == condition.Message)
                continue;
            foreach (var left in drift.Left)
                Tell(facts, service, left, drift.IsShownOnly ? DriftAction.Detected : left.Attempts?.Error is null ? DriftAction.BackedOff : DriftAction.Failed);
        }
    }

    private static Condition? Before(PlannedService service) => service.Facts.Last?.Conditions?.Find(c => c.Type == ServiceStateConditions.Drifted);

    private void Tell(ServiceSetFacts facts, PlannedService service, DriftedObject drifted, DriftAction action)
    {
        var (drift, release) = (drifted.Drift, service.Release);
        var error = drifted.Attempts?.Error is { } words ? $": {words}" : "";
        events.Object(facts.Object, drift.Object, action == DriftAction.Corrected, $"Drift{action}", drift.IsMissing ? "Create" : "Correct", $"{release}: {drift}{error}");
        metrics.Drifted(action);
        var cluster = ServiceSetIndex.ClusterOf(facts.Object);
        history.Note(new DriftEntry
        {
            Time = clock.GetUtcNow(),
            Namespace = cluster.Namespace,
            Cluster = cluster.Name,
            ServiceSet = facts.Object.Metadata.Name ?? "",
            ServiceNamespace = release.Namespace,
            Service = release.Name,
            ObjectType = drift.Object.Type,
            Object = drift.Object.Key,
            IsMissing = drift.IsMissing,
            Fields = drift.Fields,
            ChangedBy = drift.By?.Manager,
            ChangedAt = drift.By?.Time,
            Action = action,
            Detail = drifted.Attempts?.Error,
        });
    }
}

using System.Diagnostics.Metrics;
using Fleet.StateManager.Drift.History;

namespace Fleet.StateManager;

/// <summary>What StateManager itself measures.</summary>
internal sealed class StateMetrics
{
    public const string MeterName = "Fleet.StateManager";

    private readonly Histogram<double> helm;
    private readonly Counter<long> runs;
    private readonly Counter<long> transitions;
    private readonly Counter<long> drifts;

    public StateMetrics(IMeterFactory factory)
    {
        var meter = factory.Create(MeterName);
        helm = meter.CreateHistogram<double>("fleet.service.helm.duration", "s", "Time of one Helm operation for a service");
        runs = meter.CreateCounter<long>("fleet.service.helm.runs", "{run}", "Helm operations for services by outcome");
        transitions = meter.CreateCounter<long>("fleet.service.transitions", "{transition}", "Changes of the state of services");
        drifts = meter.CreateCounter<long>("fleet.service.drift", "{object}", "Objects of services that drifted, by what was done");
        foreach (var action in Enum.GetValues<DriftAction>())
            Drifted(action, 0);
        foreach (var operation in new[] { "upgrade", "uninstall", "rollback" })
            foreach (var outcome in new[] { "ok", "failed" })
                runs.Add(0, new("operation", operation), new("outcome", outcome));
    }

    public void HelmRan(string operation, string outcome, TimeSpan took)
    {
        helm.Record(took.TotalSeconds, new KeyValuePair<string, object?>("operation", operation));
        runs.Add(1, new("operation", operation), new("outcome", outcome));
    }

    public void Drifted(DriftAction action, int objects = 1) => drifts.Add(objects, new KeyValuePair<string, object?>("action", action.ToString()));

    public void Changed(string state) => transitions.Add(1, new KeyValuePair<string, object?>("state", state));
}

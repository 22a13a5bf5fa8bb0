using System.Collections.Concurrent;
using Fleet.Kubernetes.Objects;
using Fleet.Observability.Alerts.States;

namespace Fleet.Observability.Alerts.Engine;

/// <summary>What the process that advances alerts knows, for the status of objects. Empty in the others, where no status is written either: it is the same grain's.</summary>
internal sealed class AlertBoard
{
    private readonly ConcurrentDictionary<ObjectKey, IReadOnlyList<RuleReport>> reports = new();
    private volatile IReadOnlyCollection<AlertInstance>? alerts;

    /// <summary>Null in a process that does not advance them.</summary>
    public IReadOnlyCollection<AlertInstance>? Alerts
    {
        get => alerts;
        set => alerts = value;
    }

    /// <summary>Null before the first evaluation.</summary>
    public IReadOnlyList<RuleReport>? ReportsOf(ObjectKey rule) => reports.GetValueOrDefault(rule);

    public void Report(ObjectKey rule, IReadOnlyList<RuleReport> found) => reports[rule] = found;

    public void Forget()
    {
        alerts = null;
        reports.Clear();
    }
}

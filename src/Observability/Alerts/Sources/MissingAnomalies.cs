using Fleet.Contracts.Alerts;

namespace Fleet.Observability.Alerts.Sources;

/// <summary>Stands where open anomalies of costs will come from.</summary>
internal sealed class MissingAnomalies : IAlertSource
{
    public bool IsFor(AlertRuleEntry rule) => rule.Anomaly is not null;

    public Task<IReadOnlyList<SourceSample>> AskAsync(SourceQuestion question, CancellationToken ct) =>
        throw new AlertSourceException("nothing in this installation looks for anomalies of costs", isMissing: true);
}

using Fleet.Contracts.Alerts;

namespace Fleet.Observability.Alerts.Sources;

/// <summary>
/// Something that rules can look at. Another one is a class and a registration. Answers with everything that may be an alert, before thresholds; answers only what the asking namespace reaches.
/// </summary>
internal interface IAlertSource
{
    bool IsFor(AlertRuleEntry rule);

    /// <exception cref="AlertSourceException">It is not known now: the alerts of the rule stay as they are.</exception>
    Task<IReadOnlyList<SourceSample>> AskAsync(SourceQuestion question, CancellationToken ct);
}

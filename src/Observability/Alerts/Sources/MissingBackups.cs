using Fleet.Contracts.Alerts;

namespace Fleet.Observability.Alerts.Sources;

/// <summary>Stands where the age of backups will come from: there is no kind for them yet, and a rule that never fires must not look as if all were well.</summary>
internal sealed class MissingBackups : IAlertSource
{
    public bool IsFor(AlertRuleEntry rule) => rule.Backup is not null;

    public Task<IReadOnlyList<SourceSample>> AskAsync(SourceQuestion question, CancellationToken ct) =>
        throw new AlertSourceException("nothing in this version of Fleet makes backups, so nothing is known of their age", isMissing: true);
}

using Fleet.Helm.Releases;
using Fleet.Kubernetes.Objects;

namespace Fleet.StateManager.Drift.History;

/// <summary>Where there is no database, the log is the history.</summary>
internal sealed partial class LoggedDrift(ILogger<LoggedDrift> log) : IDriftHistory
{
    public void Note(DriftEntry entry) => Log(
        entry.Action, $"{entry.Namespace}/{entry.Cluster}", $"{entry.ServiceNamespace}/{entry.Service}", $"{entry.ObjectType.Kind} {entry.Object}",
        entry.IsMissing ? "missing" : string.Join(", ", entry.Fields), entry.ChangedBy ?? "unknown");

    public Task<IReadOnlyList<DriftEntry>?> FindAsync(ObjectKey cluster, ReleaseName service, int limit, CancellationToken ct) => Task.FromResult<IReadOnlyList<DriftEntry>?>(null);

    [LoggerMessage(6101, LogLevel.Information, "Drift {Action}: cluster {Cluster}, service {Service}, {Object}: {Fields}, changed by {ChangedBy}")]
    private partial void Log(DriftAction action, string cluster, string service, string @object, string fields, string changedBy);
}

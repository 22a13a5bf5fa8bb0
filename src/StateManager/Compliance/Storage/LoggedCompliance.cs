using Fleet.Kubernetes.Objects;

namespace Fleet.StateManager.Compliance.Storage;

/// <summary>Where there is no database, totals go to the log and nothing can be asked.</summary>
internal sealed partial class LoggedCompliance(ILogger<LoggedCompliance> log) : IComplianceStore
{
    public Task SaveAsync(ClusterFreshness freshness, ClusterCompliance? before, ClusterCompliance now, CancellationToken ct)
    {
        var total = now.Total;
        if (before is null || before.Total != total)
            Log(freshness.Cluster.ToString(), total.Pass, total.Fail, total.Warn, total.Error, total.Excepted);
        return Task.CompletedTask;
    }

    public Task TouchAsync(IReadOnlyList<ClusterFreshness> clusters, CancellationToken ct) => Task.CompletedTask;

    public Task CloseAsync(ObjectKey cluster, CancellationToken ct) => Task.CompletedTask;

    public Task<ClusterCompliance?> LoadAsync(ObjectKey cluster, CancellationToken ct) => Task.FromResult<ClusterCompliance?>(null);

    public Task<IReadOnlyList<ObjectKey>> ClustersAsync(CancellationToken ct) => Task.FromResult<IReadOnlyList<ObjectKey>>([]);

    public Task<(int Findings, int Clusters)?> CoveredAsync(ObjectKey exception, CancellationToken ct) => Task.FromResult<(int, int)?>(null);

    public Task ForgetAsync(CancellationToken ct) => Task.CompletedTask;

    [LoggerMessage(6121, LogLevel.Information, "Compliance of {Cluster}: {Pass} pass, {Fail} fail, {Warn} warn, {Error} error, {Excepted} excepted")]
    private partial void Log(string cluster, int pass, int fail, int warn, int error, int excepted);
}

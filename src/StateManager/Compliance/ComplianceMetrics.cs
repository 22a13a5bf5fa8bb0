using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Fleet.Kubernetes.Objects;
using Fleet.StateManager.Compliance.Findings;

namespace Fleet.StateManager.Compliance;

/// <summary>Totals by cluster. Policies and namespaces are no labels: they come from the clusters and would grow without bounds.</summary>
internal sealed class ComplianceMetrics
{
    private readonly ConcurrentDictionary<ObjectKey, ResultCounts> totals = new();

    public ComplianceMetrics(IMeterFactory factory) => factory.Create(StateMetrics.MeterName).CreateObservableGauge(
        "fleet.compliance.findings", Totals, "{finding}", "Results of policies in a cluster, as it is now; no series while it is not seen");

    /// <param name="total">Null while the cluster is not seen.</param>
    public void Seen(ObjectKey cluster, ResultCounts? total)
    {
        if (total is { } now)
            totals[cluster] = now;
        else
            Gone(cluster);
    }

    public void Gone(ObjectKey cluster) => totals.TryRemove(cluster, out _);

    private IEnumerable<Measurement<int>> Totals()
    {
        foreach (var (cluster, total) in totals)
            foreach (var (result, number) in new[]
            {
                ("pass", total.Pass), ("fail", total.Fail), ("warn", total.Warn), ("error", total.Error), ("skip", total.Skip), (ResultWords.Excepted, total.Excepted),
            })
                yield return new(number, new("namespace", cluster.Namespace), new("cluster", cluster.Name), new("result", result));
    }
}

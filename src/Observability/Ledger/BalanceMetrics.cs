using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Fleet.Observability.Ledger;

/// <summary>Whether costs add up, of all clusters together: which one does not is in the log and at <c>/api/v1/costs/clusters</c>, so that there are no series for each cluster.</summary>
internal sealed class BalanceMetrics
{
    private readonly ConcurrentDictionary<string, LedgerBalance> last = new(StringComparer.Ordinal);
    private readonly Counter<long> checks;

    public BalanceMetrics(IMeterFactory factory)
    {
        var meter = factory.Create("Fleet.Observability.Costs");
        checks = meter.CreateCounter<long>("fleet.cost.balance.checks", "{check}", "Checks of workloads + idle + overhead = assets, by result");
        meter.CreateObservableGauge("fleet.cost.balance.unbalanced.clusters", () => last.Values.Count(balance => !balance.Holds), "{cluster}", "Clusters whose last check failed");
        meter.CreateObservableGauge("fleet.cost.balance.negative.idle.clusters", () => last.Values.Count(balance => balance.HasNegativeIdle), "{cluster}",
            "Clusters whose workloads cost more than what they run on");
        meter.CreateObservableGauge("fleet.cost.balance.difference", () => Sums(balance => Math.Abs(balance.Difference)), null,
            "Sum over the clusters' last checks of what is shown beyond or below what is paid, by currency");
        meter.CreateObservableGauge("fleet.cost.balance.assets", () => Sums(balance => balance.Assets), null, "What is paid for what the clusters' last checks were of, by currency");
    }

    public void Checked(string clusterUid, LedgerBalance balance)
    {
        last[clusterUid] = balance;
        checks.Add(1, new KeyValuePair<string, object?>("result", balance.HasNegativeIdle ? "negative_idle" : balance.Holds ? "balanced" : "unbalanced"));
    }

    /// <summary>The cluster has gone.</summary>
    public void Forget(string clusterUid) => last.TryRemove(clusterUid, out _);

    private IEnumerable<Measurement<double>> Sums(Func<LedgerBalance, double> value) =>
        last.Values.GroupBy(balance => balance.Currency).Select(group => new Measurement<double>(group.Sum(value), new KeyValuePair<string, object?>("currency", group.Key)));
}

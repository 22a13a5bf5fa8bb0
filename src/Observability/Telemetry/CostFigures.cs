using System.Diagnostics.Metrics;

namespace Fleet.Observability.Telemetry;

/// <summary>
/// Costs of each cluster as metrics, for dashboards and alerts: a few series a cluster and currency, none for namespaces or workloads, which <c>/allocation</c> tells. Of the whole fleet, so only one
/// replica has any: in the others <see cref="CostMetrics"/> does not run, and there are no series.
/// </summary>
internal sealed class CostFigures
{
    private volatile IReadOnlyList<ClusterFigures> costs = [];
    private volatile IReadOnlyList<(string Cluster, DateTime Until)> seen = [];

    public CostFigures(IMeterFactory factory)
    {
        var meter = factory.Create("Fleet.Observability.Costs");
        meter.CreateObservableGauge("fleet.cost.month.to.date", () => Of(cost => cost.Month), null, "What is paid for the cluster since the month began (UTC)");
        meter.CreateObservableGauge("fleet.cost.today", () => Of(cost => cost.Today), null, "What is paid for the cluster since the day began (UTC)");
        meter.CreateObservableGauge("fleet.cost.allocated.month.to.date", () => Of(cost => cost.Allocated), null, "The part of it that workloads bear, volumes aside");
        meter.CreateObservableGauge("fleet.cost.cpu.efficiency", () => Of(cost => cost.Requested > 0 ? cost.Used / cost.Requested : null), "1", "CPU that workloads used of what they requested, since the month began");
        meter.CreateObservableGauge("fleet.cost.seen.until.time", () => seen.Select(one => new Measurement<double>((one.Until - DateTime.UnixEpoch).TotalSeconds, Names(one.Cluster))), "s", "Up to when the cluster's costs are known, in seconds since 1970");
    }

    public bool IsEmpty => costs.Count == 0;

    public void Tell(IReadOnlyList<ClusterFigures> figures, IReadOnlyList<(string Cluster, DateTime Until)> until) => (costs, seen) = (figures, until);

    private IEnumerable<Measurement<double>> Of(Func<ClusterFigures, double?> value) =>
        from cost in costs
        let figure = value(cost)
        where figure is not null
        select new Measurement<double>(figure.Value, [.. Names(cost.Cluster), new("currency", cost.Currency)]);

    private static KeyValuePair<string, object?>[] Names(string cluster)
    {
        var at = cluster.IndexOf('/', StringComparison.Ordinal);
        return [new("namespace", at < 0 ? "" : cluster[..at]), new("cluster", cluster[(at + 1)..])];
    }
}

/// <param name="Cluster">NAMESPACE/NAME.</param>
internal sealed record ClusterFigures(string Cluster, string Currency, double Month, double Today, double Allocated, double Requested, double Used);

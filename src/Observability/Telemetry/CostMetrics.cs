using System.Data.Common;
using System.Diagnostics.Metrics;
using Fleet.Observability.Collection;
using Fleet.Observability.Ledger;
using Npgsql;

namespace Fleet.Observability.Telemetry;

/// <summary>
/// Costs of each cluster as metrics, for dashboards and alerts: a few series a cluster and currency, none for namespaces or workloads, which <c>/allocation</c> tells. Read from the days of the ledger every few
/// minutes, not with each scrape; while the database is away the last figures stay, and their age is in <c>fleet_cost_seen_until_time_seconds</c>.
/// </summary>
internal sealed partial class CostMetrics : BackgroundService
{
    private readonly LedgerConnections connections;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly TimeSpan every;
    private volatile IReadOnlyList<ClusterCosts> costs = [];
    private volatile IReadOnlyList<(string Cluster, DateTime Until)> seen = [];

    public CostMetrics(IMeterFactory factory, LedgerConnections connections, CollectionOptions options, TimeProvider clock, ILogger<CostMetrics> log)
    {
        (this.connections, this.clock, this.log) = (connections, clock, log);
        every = options.Every * 2;
        var meter = factory.Create("Fleet.Observability.Costs");
        meter.CreateObservableGauge("fleet.cost.month.to.date", () => Of(cost => cost.Month), null, "What is paid for the cluster since the month began (UTC)");
        meter.CreateObservableGauge("fleet.cost.today", () => Of(cost => cost.Today), null, "What is paid for the cluster since the day began (UTC)");
        meter.CreateObservableGauge("fleet.cost.allocated.month.to.date", () => Of(cost => cost.Allocated), null, "The part of it that workloads bear, volumes aside");
        meter.CreateObservableGauge("fleet.cost.cpu.efficiency", () => Of(cost => cost.Requested > 0 ? cost.Used / cost.Requested : null), "1", "CPU that workloads used of what they requested, since the month began");
        meter.CreateObservableGauge("fleet.cost.seen.until.time", () => seen.Select(one => new Measurement<double>((one.Until - DateTime.UnixEpoch).TotalSeconds, Names(one.Cluster))), "s", "Up to when the cluster's costs are known, in seconds since 1970");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ReadAsync(stoppingToken);
            }
            catch (Exception e) when (e is DbException or TimeoutException or InvalidOperationException)
            {
                LogAway(e.GetType().Name);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            // A new fleet has its first costs after a minute; they should not take minutes more to be seen.
            await Task.Delay(costs.Count > 0 ? every : every / 8, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ReadAsync(CancellationToken ct)
    {
        await using var opened = await connections.OpenAsync(ct);
        var today = clock.GetUtcNow().UtcDateTime.Date;
        await using var command = new NpgsqlCommand(
            """
            SELECT p.cluster, p.currency, p.month, p.today, coalesce(w.allocated, 0), coalesce(w.requested, 0), coalesce(w.used, 0)
            FROM (SELECT cluster, currency, sum(cost) AS month, coalesce(sum(cost) FILTER (WHERE day >= $2), 0) AS today FROM cost_asset_days WHERE day >= $1 GROUP BY 1, 2) p
            LEFT JOIN (SELECT cluster, currency, sum(cpu_cost + ram_cost + gpu_cost + balancer_cost + network_cost) AS allocated, sum(cpu_requested) AS requested, sum(cpu_used) AS used
                FROM cost_namespace_days WHERE day >= $1 GROUP BY 1, 2) w USING (cluster, currency)
            """, opened.Value) { Parameters = { new() { Value = new DateTime(today.Year, today.Month, 1, 0, 0, 0, DateTimeKind.Utc) }, new() { Value = DateTime.SpecifyKind(today, DateTimeKind.Utc) } } };
        var read = new List<ClusterCosts>();
        await using (var rows = await command.ExecuteReaderAsync(ct))
            while (await rows.ReadAsync(ct))
                read.Add(new(rows.GetString(0), rows.GetString(1), rows.GetDouble(2), rows.GetDouble(3), rows.GetDouble(4), rows.GetDouble(5), rows.GetDouble(6)));
        costs = read;
        await using var fresh = new NpgsqlCommand("SELECT cluster, max(seen_until) FROM cost_clusters GROUP BY 1", opened.Value);
        var until = new List<(string, DateTime)>();
        await using (var rows = await fresh.ExecuteReaderAsync(ct))
            while (await rows.ReadAsync(ct))
                until.Add((rows.GetString(0), rows.GetDateTime(1)));
        seen = until;
    }

    private IEnumerable<Measurement<double>> Of(Func<ClusterCosts, double?> value) =>
        from cost in costs
        let figure = value(cost)
        where figure is not null
        select new Measurement<double>(figure.Value, [.. Names(cost.Cluster), new("currency", cost.Currency)]);

    private static KeyValuePair<string, object?>[] Names(string cluster)
    {
        var at = cluster.IndexOf('/', StringComparison.Ordinal);
        return [new("namespace", at < 0 ? "" : cluster[..at]), new("cluster", cluster[(at + 1)..])];
    }

    [LoggerMessage(3040, LogLevel.Warning, "The metrics of costs stay as they were: the database does not answer ({Error})")]
    private partial void LogAway(string error);

    private sealed record ClusterCosts(string Cluster, string Currency, double Month, double Today, double Allocated, double Requested, double Used);
}

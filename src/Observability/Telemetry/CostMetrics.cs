using System.Data.Common;
using Fleet.Observability.Collection;
using Fleet.Observability.Ledger;
using Npgsql;

namespace Fleet.Observability.Telemetry;

/// <summary>
/// Reads what <see cref="CostFigures"/> tell from the days of the ledger every few minutes, not with each scrape; while the database is away the last figures stay, and their age is in
/// <c>fleet_cost_seen_until_time_seconds</c>. Runs in one process of several.
/// </summary>
internal sealed partial class CostMetrics(CostFigures figures, LedgerConnections connections, CollectionOptions options, TimeProvider clock, ILogger<CostMetrics> log) : BackgroundService
{
    private readonly TimeSpan every = options.Every * 2;

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
                break;
            }
            // A new fleet has its first costs after a minute; they should not take minutes more to be seen.
            await Task.Delay(figures.IsEmpty ? every / 8 : every, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        // Another process tells them from now on.
        figures.Tell([], []);
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
        var read = new List<ClusterFigures>();
        await using (var rows = await command.ExecuteReaderAsync(ct))
            while (await rows.ReadAsync(ct))
                read.Add(new(rows.GetString(0), rows.GetString(1), rows.GetDouble(2), rows.GetDouble(3), rows.GetDouble(4), rows.GetDouble(5), rows.GetDouble(6)));
        await using var fresh = new NpgsqlCommand("SELECT cluster, max(seen_until) FROM cost_clusters GROUP BY 1", opened.Value);
        var until = new List<(string, DateTime)>();
        await using (var rows = await fresh.ExecuteReaderAsync(ct))
            while (await rows.ReadAsync(ct))
                until.Add((rows.GetString(0), rows.GetDateTime(1)));
        figures.Tell(read, until);
    }

    [LoggerMessage(3040, LogLevel.Warning, "The metrics of costs stay as they were: the database does not answer ({Error})")]
    private partial void LogAway(string error);
}

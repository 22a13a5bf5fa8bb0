using System.Data.Common;
using Fleet.Control.Grains;
using Fleet.Observability.Collection.Agents;
using Fleet.Observability.Ledger;

namespace Fleet.Observability.Collection;

/// <summary>Drops hours and days of the ledger that are older than they are kept.</summary>
internal sealed partial class LedgerKeeper(LedgerConnections connections, LedgerPartitions partitions, StoredLooks looks, CollectionOptions options, GrainOwnership owner, TimeProvider clock, ILogger<LedgerKeeper> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await connections.OpenAsync(stoppingToken);
                var gone = await partitions.ForgetHoursAsync(connection, owner, Before(options.HourRetention), stoppingToken);
                gone = [.. gone, .. await partitions.ForgetDaysAsync(connection, owner, Before(options.DayRetention), stoppingToken)];
                await looks.ForgetAsync(owner, stoppingToken);
                if (gone.Count > 0)
                    LogForgotten(string.Join(", ", gone));
            }
            catch (GrainElsewhereException)
            {
                // Another process keeps it; this one is about to be stopped.
            }
            catch (Exception e) when (e is DbException or TimeoutException or InvalidOperationException)
            {
                LogAway(e.GetType().Name);
            }
            await Task.Delay(Every, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private DateOnly Before(TimeSpan retention) => DateOnly.FromDateTime((clock.GetUtcNow() - retention).UtcDateTime);

    [LoggerMessage(3211, LogLevel.Information, "Costs that are older than they are kept have been dropped: {Tables}")]
    private partial void LogForgotten(string tables);

    [LoggerMessage(3212, LogLevel.Warning, "Old costs could not be dropped: the database does not answer ({Error})")]
    private partial void LogAway(string error);
}

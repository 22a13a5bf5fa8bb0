using System.Data.Common;
using Fleet.Observability.Ledger;

namespace Fleet.Observability.Collection;

/// <summary>Drops the days of the ledger that are older than they are kept.</summary>
internal sealed partial class LedgerKeeper(LedgerConnections connections, LedgerPartitions partitions, CollectionOptions options, TimeProvider clock, ILogger<LedgerKeeper> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await connections.OpenAsync(stoppingToken);
                var before = DateOnly.FromDateTime((clock.GetUtcNow() - options.Retention).UtcDateTime);
                if (await partitions.ForgetAsync(connection.Value, before, stoppingToken) is > 0 and var days)
                    LogForgotten(days, before);
            }
            catch (Exception e) when (e is DbException or TimeoutException or InvalidOperationException)
            {
                LogAway(e.GetType().Name);
            }
            await Task.Delay(Every, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(3211, LogLevel.Information, "{Days} days of costs before {Before} were dropped: they are older than they are kept")]
    private partial void LogForgotten(int days, DateOnly before);

    [LoggerMessage(3212, LogLevel.Warning, "Old costs could not be dropped: the database does not answer ({Error})")]
    private partial void LogAway(string error);
}

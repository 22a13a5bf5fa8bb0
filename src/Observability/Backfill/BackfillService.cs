using System.Data.Common;
using Fleet.Control.Grains;
using Fleet.Cost.Allocations;
using Fleet.Observability.Collection;
using Fleet.Observability.Ledger;
using Fleet.Observability.Pricing;

namespace Fleet.Observability.Backfill;

/// <summary>
/// Fills in the past of simulated clusters, priced as what is seen is, a day at a time. Each day is one transaction with the mark of how far it is, so that nothing is added twice and a
/// process that is killed goes on where it was. It ends where what was seen begins.
/// </summary>
internal sealed partial class BackfillService(BackfillQueue queue, LedgerWriter ledger, CollectionOptions options, IEnumerable<ILookObserver> observers, TimeProvider clock, ILogger<BackfillService> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var request in queue.ReadAllAsync(stoppingToken))
                try
                {
                    if (await FillAsync(request, stoppingToken) is > 0 and var hours)
                    {
                        LogFilled(request.Cluster, hours);
                        foreach (var observer in observers)
                            observer.PastFilled(request.ClusterUid);
                    }
                }
                catch (Exception e) when (e is DbException or TimeoutException or InvalidOperationException or IOException)
                {
                    LogLater(request.Cluster, e.GetType().Name);
                    queue.TakeBack(request);
                }
                catch (GrainElsewhereException)
                {
                    // The cluster's new owner goes on from the mark in the ledger.
                    queue.TakeBack(request);
                }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
    }

    /// <summary>Returns how many hours were filled in.</summary>
    internal async Task<int> FillAsync(BackfillRequest request, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var from = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero) - options.Backfill;
        var left = await ledger.BackfillOfAsync(request.ClusterUid, from, now, ct);
        var metadata = new PodMetadata(request.Seen.Namespaces, request.Seen.Services);
        var (filled, faults) = (0, new List<string>());
        foreach (var day in DaysOf(left))
        {
            var hours = PastHours.Of(request.Seen, queue.PodsOf(request.ClusterUid, day.Start, day.End), day);
            var batch = new LedgerBatch(
                request.ClusterUid, request.Cluster, day.End, [.. hours.Select(hour => HourPrices.Price(hour, request.Cluster, request.Prices, metadata))], [.. hours.Select(HourCoverage.Of)], [])
            {
                Owner = request.Owner, IsSimulated = true, BackfillUntil = left.End,
            };
            if (!await ledger.AddAsync(batch, ct))
                // Another process is at it.
                break;
            faults.AddRange(LedgerBalance.Of(batch)?.Faults ?? []);
            filled += hours.Count;
        }
        if (faults.Count > 0)
            LogUnbalanced(request.Cluster, faults.Count, faults[0]);
        return filled;
    }

    private static IEnumerable<QueryWindow> DaysOf(QueryWindow left)
    {
        for (var start = left.Start; start < left.End;)
        {
            var next = new DateTimeOffset(start.UtcDateTime.Date, TimeSpan.Zero).AddDays(1);
            yield return new(start, next < left.End ? next : left.End);
            start = next;
        }
    }

    [LoggerMessage(3221, LogLevel.Information, "Cluster {Cluster} is simulated: {Hours} hours of its past are filled in")]
    private partial void LogFilled(string cluster, int hours);

    [LoggerMessage(3222, LogLevel.Warning, "The past of cluster {Cluster} cannot be filled in now ({Error}); it will be tried again")]
    private partial void LogLater(string cluster, string error);

    [LoggerMessage(3223, LogLevel.Error, "The past of cluster {Cluster} does not add up, {Count} times; first: {Fault}")]
    private partial void LogUnbalanced(string cluster, int count, string fault);
}

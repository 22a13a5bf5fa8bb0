using Fleet.Control.Grains;
using Fleet.Cost.Allocations;
using Fleet.Cost.Days;
using Fleet.Observability.Days;
using Fleet.Observability.Ledger;
using Fleet.Rest.Databases;

namespace Fleet.Observability.Anomalies;

/// <summary>Looks for odd days once an hour, when days have been added up. What it finds follows from the days alone, so that it does not matter who looks, or how often.</summary>
internal sealed partial class AnomalyWatch(DayStore days, LedgerReader ledger, AnomalyStore store, TimeProvider clock, ILogger<AnomalyWatch> log) : IDayListener
{
    private const int MostParts = 5;

    /// <summary>For more the database would be asked for too long in one round; the others are told without.</summary>
    private const int MostExplained = 20;

    /// <summary>Only whole days are looked at, and these change when a late cluster comes.</summary>
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    private static readonly string[] Subjects = [DaySubject.Clusters, DaySubject.Namespaces, DaySubject.Teams];

    private DateTimeOffset looked;

    public async Task RolledAsync(GrainOwnership owner, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (now - looked < Every && DateOnly.FromDateTime(now.UtcDateTime) == DateOnly.FromDateTime(looked.UtcDateTime))
            return;
        try
        {
            await LookAsync(owner, now, ct);
            looked = now;
        }
        catch (GrainElsewhereException)
        {
            // Another process adds days up, and looks at them.
            return;
        }
        catch (Exception e) when (DatabaseFailures.IsOne(e))
        {
            LogAway(e.GetType().Name);
        }
    }

    private async Task LookAsync(GrainOwnership owner, DateTimeOffset now, CancellationToken ct)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var from = today.AddDays(-AnomalySearch.DaysRead);
        var reach = (await ledger.FreshnessAsync(ct)).GroupBy(cluster => cluster.Cluster).ToDictionary(group => group.Key, group => DateOnly.FromDateTime(group.Max(line => line.SeenUntil).UtcDateTime));
        var rows = await days.ReadAsync(new(Subjects, from, today) { ByDay = true, ByCluster = true, ByName = true }, ct);
        // Results near the beginning of what was read change with it.
        var found = AnomalySearch.Find(rows, reach, today).Where(one => one.Anomaly.FirstDay >= today.AddDays(-AnomalySearch.DaysRead / 2)).ToList();
        var (written, over) = AnomalySearch.Compare(found, await store.ReadAsync(null, null, from, ct, int.MaxValue));
        var explained = new List<(FoundAnomaly, IReadOnlyList<AnomalyPart>?)>();
        foreach (var one in written.OrderByDescending(one => one.Anomaly.IsOpen).ThenByDescending(one => Math.Abs(one.Anomaly.Impact)))
            explained.Add((one, explained.Count < MostExplained && one.Anomaly.IsOpen ? await TopAsync(one, ct) : null));
        if (explained.Count > 0 || over.Count > 0)
            await store.WriteAsync(owner, over, explained, now, ct);
    }

    /// <summary>Which controllers made the last day dearer, or cheaper, than the same weekday a week before it began.</summary>
    private async Task<IReadOnlyList<AnomalyPart>> TopAsync(FoundAnomaly found, CancellationToken ct) => AnomalySearch.Top(
        await ControllersAsync(found, found.Anomaly.LastDay, ct), await ControllersAsync(found, found.Anomaly.FirstDay.AddDays(-7), ct), found.Anomaly.Impact > 0, MostParts);

    private async Task<IReadOnlyList<DayCost>> ControllersAsync(FoundAnomaly found, DateOnly day, CancellationToken ct)
    {
        var midnight = new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero);
        var sets = await ledger.ReadAsync(new(midnight, midnight.AddDays(1)), TimeSpan.FromDays(1), [found.Series.Cluster], ct);
        var keys = Aggregation.Parse(found.Series.Kind);
        return
        [
            .. sets.Where(set => set.Allocations.Currency == found.Series.Currency)
                .SelectMany(set => new CostDay(set.Assets, set.Allocations).By(row => keys.KeyOf(row) == found.Series.Name ? ControllerOf(row.Properties) : null))
                // All that is of other series.
                .Where(cost => cost.Name != AllocationKeys.Unallocated),
        ];
    }

    private static string ControllerOf(AllocationProperties of) => $"{of.Namespace}/{(of.Controller.Length > 0 ? $"{of.ControllerKind}:{of.Controller}" : of.Pod)}";

    [LoggerMessage(3231, LogLevel.Warning, "Odd costs are not looked for: the database does not answer ({Error})")]
    private partial void LogAway(string error);
}

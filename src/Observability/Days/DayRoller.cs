using Fleet.Control.Grains;
using Fleet.Cost.Days;
using Fleet.Observability.Ledger;
using Fleet.Rest.Databases;

namespace Fleet.Observability.Days;

/// <summary>
/// Adds the ledger's hours up to days, for everybody who looks at days. A day is done again when the ledger has got more of it, or when it would be added up otherwise; so it
/// does not matter when a cluster's hours come, or which process dies when. Runs in one process of several.
/// </summary>
internal sealed partial class DayRoller(
    DayStore store, LedgerReader ledger, IEnumerable<IDaySubjects> wanted, IEnumerable<IDayListener> listeners, DayWake wake, GrainOwnership owner, DayOptions options, TimeProvider clock,
    ILogger<DayRoller> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.WhenAll(wanted.Select(one => one.StartAsync(stoppingToken)));
            for (var isDue = true; !stoppingToken.IsCancellationRequested;)
            {
                await TurnAsync(isDue, stoppingToken);
                using var pause = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
                var timer = Task.Delay(options.Every, clock, pause.Token);
                isDue = await Task.WhenAny(timer, wake.WaitAsync(pause.Token)) == timer;
                await pause.CancelAsync();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The end.
        }
    }

    private async Task TurnAsync(bool isDue, CancellationToken ct)
    {
        var hasNew = false;
        try
        {
            hasNew = await RollAsync(ct);
        }
        catch (GrainElsewhereException)
        {
            // Another process adds them up; this one is about to be stopped.
            return;
        }
        catch (Exception e) when (DatabaseFailures.IsOne(e))
        {
            LogAway(e.GetType().Name);
        }
        // Who woke it and gets nothing by it would hear of the round, and wake it again: as long as the ledger is empty that would never end.
        if (!isDue && !hasNew)
            return;
        foreach (var listener in listeners)
            await listener.RolledAsync(owner, ct);
    }

    /// <summary>One round. True when anything was added up.</summary>
    internal async Task<bool> RollAsync(CancellationToken ct)
    {
        var hasNew = false;
        var subjects = DaySubject.Always.Concat(wanted.SelectMany(one => one.Subjects)).DistinctBy(subject => subject.Name).ToList();
        var days = await store.LedgerAsync(ct);
        foreach (var (day, outdated) in DayPlan.Outdated(days, await store.StatesAsync(null, ct), subjects))
        {
            var midnight = new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero);
            var sets = await ledger.ReadAsync(new(midnight, midnight.AddDays(1)), TimeSpan.FromDays(1), null, ct);
            var costs = sets.Select(set => new CostDay(set.Assets, set.Allocations)).ToList();
            await store.SaveAsync(
                owner, day,
                [.. outdated.Select(subject => new DaySums(subject, DayPlan.StateOf(subject, days[day]), [.. costs.SelectMany(one => subject.Sum(one, null).Select(cost => (one.Currency, cost)))]))],
                clock.GetUtcNow(), ct);
            hasNew = true;
        }
        var now = clock.GetUtcNow();
        await store.ForgetAsync(owner, DateOnly.FromDateTime(now.UtcDateTime).AddDays(-options.DaysKept), [.. subjects.Select(subject => subject.Name)], now - options.UnwantedFor, ct);
        return hasNew;
    }

    [LoggerMessage(3221, LogLevel.Warning, "Costs of days are not added up: the database does not answer ({Error})")]
    private partial void LogAway(string error);
}

using System.Collections.Concurrent;
using System.Data.Common;
using Fleet.Control.Grains;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Watching;
using Fleet.Observability.Alerts.Routing;
using Fleet.Observability.Alerts.States;
using Fleet.Observability.Alerts.Status;
using Fleet.Observability.Alerts.Storage;
using Fleet.Observability.Ledger;

namespace Fleet.Observability.Alerts.Engine;

/// <summary>
/// Evaluates rules that are due and plans who is told. One process of several does so at a time. What a turn changes is written at once, and counts only when it is written: after a kill the
/// next one goes on from there.
/// </summary>
internal sealed partial class AlertEngine(
    LedgerConnections connections, AlertObjects objects, RuleEvaluation evaluation, AlertBoard board, AlertPokes pokes, GrainOwnership owner, AlertOptions options, TimeProvider clock,
    ILogger<AlertEngine> log) : BackgroundService
{
    /// <summary>A source that does not answer holds up its own rules, not all.</summary>
    private const int AtOnce = 8;

    private static readonly TimeSpan UsualInterval = TimeSpan.FromMinutes(1);

    private readonly Dictionary<ObjectKey, DateTimeOffset> evaluated = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await objects.WaitForSyncAsync(stoppingToken);
                await using var session = await AlertSession.OpenAsync(connections, owner, stoppingToken);
                await LeadAsync(session, stoppingToken);
            }
            catch (GrainElsewhereException)
            {
                LogElsewhere(owner.Epoch);
            }
            catch (Exception e) when (e is DbException or TimeoutException or IOException || (e is InvalidOperationException and not InformerNotSyncedException))
            {
                LogAway(e.GetType().Name);
            }
            catch (OperationCanceledException)
            {
                break;
            }
            finally
            {
                board.Forget();
                evaluated.Clear();
            }
            await Task.Delay(options.Turn, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LeadAsync(AlertSession session, CancellationToken ct)
    {
        var (known, states) = await session.LoadAsync(ct);
        var alerts = known.ToDictionary(alert => alert.Id, StringComparer.Ordinal);
        var groups = states.ToDictionary(group => group.Key, StringComparer.Ordinal);
        while (true)
        {
            var now = clock.GetUtcNow();
            var after = await AdvanceAsync(alerts, now, ct);
            var plan = NotificationPlanner.Plan(
                new() { Alerts = after.Values, Routes = objects.RouteTables, Silences = [.. objects.SilenceRows], Groups = groups, WithoutResolved = WithoutResolved() }, now);
            var changes = new AlertChanges(
                [.. after.Values.Where(alert => !alert.Equals(alerts.GetValueOrDefault(alert.Id)))], [.. alerts.Keys.Where(id => !after.ContainsKey(id))], plan);
            if (changes.IsEmpty)
                await session.ProveAsync(ct);
            else
                await session.SaveAsync(changes, ct);
            (alerts, groups) = (after, Applied(groups, plan));
            board.Alerts = [.. after.Values];
            if (plan.Notifications.Count > 0)
                pokes.Outbox();
            foreach (var silence in objects.Silences.Keys)
                pokes.Silences.Ask(silence);
            await Task.Delay(options.Turn, clock, ct);
        }
    }

    private async Task<Dictionary<string, AlertInstance>> AdvanceAsync(Dictionary<string, AlertInstance> alerts, DateTimeOffset now, CancellationToken ct)
    {
        var rules = objects.Rules.Items.ToList();
        var byRule = alerts.Values.GroupBy(alert => alert.Rule).ToDictionary(group => group.Key, group => group.ToList());
        var found = await EvaluateAsync([.. rules.Where(rule => IsDue(rule, now))], now, ct);
        var (after, live) = (new Dictionary<string, AlertInstance>(StringComparer.Ordinal), new HashSet<RuleKey>());
        foreach (var key in rules.SelectMany(rule => rule.Spec.Rules.Select(entry => KeyOf(rule, entry.Alert))).Where(live.Add))
        {
            IReadOnlyList<AlertInstance> own = byRule.GetValueOrDefault(key) ?? [];
            // What is not due and what could not be evaluated stays as it was.
            if (found.TryGetValue(key, out var answer) && answer.Wanted is { } wanted)
                own = AlertAdvance.Advance(key, own, wanted, answer.Keep, now);
            foreach (var alert in own)
                after[alert.Id] = alert;
        }
        foreach (var alert in byRule.Where(rule => !live.Contains(rule.Key)).SelectMany(rule => AlertAdvance.End(rule.Value, now)))
            after[alert.Id] = alert;
        return after;
    }

    private async Task<ConcurrentDictionary<RuleKey, (IReadOnlyList<WantedAlert>? Wanted, TimeSpan Keep, RuleReport Report)>> EvaluateAsync(
        IReadOnlyList<AlertRule> due, DateTimeOffset now, CancellationToken ct)
    {
        var found = new ConcurrentDictionary<RuleKey, (IReadOnlyList<WantedAlert>? Wanted, TimeSpan Keep, RuleReport Report)>();
        await Parallel.ForEachAsync(
            due.SelectMany(rule => rule.Spec.Rules.Select((entry, index) => (rule, index, Key: KeyOf(rule, entry.Alert)))),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct },
            async (one, stop) => found[one.Key] = await evaluation.EvaluateAsync(one.rule, one.index, now, stop));
        foreach (var rule in due)
        {
            evaluated[rule.Metadata.Key] = now;
            board.Report(rule.Metadata.Key, [.. rule.Spec.Rules.Select(entry => found[KeyOf(rule, entry.Alert)].Report)]);
            pokes.Rules.Ask(rule.Metadata.Key);
        }
        return found;
    }

    private static RuleKey KeyOf(AlertRule rule, string alert) => new(rule.Metadata.Key.Namespace, rule.Metadata.Key.Name, alert);

    private bool IsDue(AlertRule rule, DateTimeOffset now)
    {
        var interval = AlertOptions.DurationOf(rule.Spec.Interval, UsualInterval);
        return !evaluated.TryGetValue(rule.Metadata.Key, out var last) || now - last >= (interval > options.ShortestInterval ? interval : options.ShortestInterval);
    }

    private HashSet<ObjectKey> WithoutResolved() => [.. objects.Receivers.Items.Where(receiver => receiver.Spec.SendResolved == false).Select(receiver => receiver.Metadata.Key)];

    private static Dictionary<string, GroupState> Applied(Dictionary<string, GroupState> groups, NotificationPlan plan)
    {
        var after = new Dictionary<string, GroupState>(groups, StringComparer.Ordinal);
        foreach (var group in plan.Groups)
            after[group.Key] = group;
        foreach (var key in plan.Gone)
            after.Remove(key);
        return after;
    }

    [LoggerMessage(3311, LogLevel.Warning, "The database of alerts does not answer ({Error}): rules are not evaluated until it does")]
    private partial void LogAway(string error);

    [LoggerMessage(3312, LogLevel.Information, "A later process than that of epoch {Epoch} advances alerts")]
    private partial void LogElsewhere(long epoch);
}

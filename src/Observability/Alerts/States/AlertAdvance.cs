using System.Security.Cryptography;
using System.Text;
using Fleet.Observability.Alerts.Matching;

namespace Fleet.Observability.Alerts.States;

/// <summary>How the alerts of one rule go on, as Prometheus has it: pending → firing → resolved. Pure.</summary>
internal static class AlertAdvance
{
    /// <summary>How long an alert that is over is remembered.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromDays(7);

    /// <param name="known">The rule's alerts as they were.</param>
    /// <param name="wanted">What the rule found. A rule that could not be evaluated is not advanced: an error is not "nothing fires".</param>
    /// <returns>The rule's alerts as they are; those that are not among them are forgotten.</returns>
    public static IReadOnlyList<AlertInstance> Advance(RuleKey rule, IEnumerable<AlertInstance> known, IEnumerable<WantedAlert> wanted, TimeSpan keepFiringFor, DateTimeOffset now)
    {
        var before = known.ToDictionary(alert => alert.Id);
        var incident = before.Values.Where(alert => alert.Phase == AlertPhase.Firing).Select(alert => alert.Incident).FirstOrDefault() ?? IncidentOf(rule, now);
        var after = new Dictionary<string, AlertInstance>(StringComparer.Ordinal);
        foreach (var alert in wanted)
        {
            var id = AlertLabels.Fingerprint(alert.Labels, rule.Namespace, rule.Name, rule.Alert);
            after.TryAdd(id, Seen(id, rule, before.GetValueOrDefault(id), alert, incident, now));
        }
        foreach (var alert in before.Values)
            if (!after.ContainsKey(alert.Id) && Unseen(alert, keepFiringFor, now) is { } kept)
                after[alert.Id] = kept;
        return [.. after.Values];
    }

    /// <summary>Alerts of a rule that is gone: nothing keeps them firing.</summary>
    public static IReadOnlyList<AlertInstance> End(IEnumerable<AlertInstance> known, DateTimeOffset now) =>
        [.. known.Select(alert => Unseen(alert, TimeSpan.Zero, now)).OfType<AlertInstance>()];

    private static AlertInstance Seen(string id, RuleKey rule, AlertInstance? before, WantedAlert wanted, string incident, DateTimeOffset now)
    {
        var isNew = before is null or { Phase: AlertPhase.Resolved };
        var since = isNew ? now : before!.ActiveSince;
        var fires = before is { Phase: AlertPhase.Firing } || now - since >= wanted.For;
        return new()
        {
            Id = id, Rule = rule, Labels = wanted.Labels, Annotations = wanted.Annotations, Value = wanted.Value,
            Phase = fires ? AlertPhase.Firing : AlertPhase.Pending,
            ActiveSince = since,
            FiredAt = !fires ? null : isNew ? now : before!.FiredAt ?? now,
            Incident = !fires ? "" : before is { Phase: AlertPhase.Firing } ? before.Incident : incident,
        };
    }

    private static AlertInstance? Unseen(AlertInstance alert, TimeSpan keepFiringFor, DateTimeOffset now)
    {
        switch (alert.Phase)
        {
            case AlertPhase.Pending:
                return null;
            case AlertPhase.Resolved:
                return now - alert.ResolvedAt < Remembered ? alert : null;
            default:
                var since = alert.UnseenSince ?? now;
                return now - since < keepFiringFor
                    ? alert with { UnseenSince = since }
                    : alert with { Phase = AlertPhase.Resolved, UnseenSince = null, ResolvedAt = now };
        }
    }

    private static string IncidentOf(RuleKey rule, DateTimeOffset now) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{rule}@{now.UtcTicks}")).AsSpan(0, 8));
}

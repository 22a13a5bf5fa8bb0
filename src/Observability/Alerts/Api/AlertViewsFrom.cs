using Fleet.Observability.Alerts.Receivers;
using Fleet.Observability.Alerts.Routing;
using Fleet.Observability.Alerts.States;
using Fleet.Observability.Alerts.Storage;

namespace Fleet.Observability.Alerts.Api;

/// <summary>What callers see. Pure.</summary>
internal static class AlertViewsFrom
{
    private static readonly string[] Severities = ["critical", "error", "warning", "info"];

    public static AlertView Alert(AlertInstance alert, IEnumerable<SilenceRow> silences, IEnumerable<RouteTable> routes, IReadOnlyCollection<AlertInstance> firing, DateTimeOffset now)
    {
        var isActive = alert.Phase == AlertPhase.Firing;
        return new()
        {
            Id = alert.Id, Rule = alert.Rule.Alert, Namespace = alert.Rule.Namespace, AlertRule = alert.Rule.Name, Severity = alert.Severity, State = Word(alert.Phase),
            Since = alert.FiredAt ?? alert.ActiveSince, ResolvedAt = alert.ResolvedAt, Labels = alert.Labels, Annotations = alert.Annotations,
            Summary = alert.Annotations.GetValueOrDefault("summary") ?? alert.Rule.Alert, Description = alert.Annotations.GetValueOrDefault("description") ?? "",
            Value = double.IsFinite(alert.Value) ? alert.Value : 0, Cluster = alert.Cluster, ClusterNamespace = alert.Cluster is null ? null : alert.Tenant,
            Incident = alert.Incident.Length > 0 ? alert.Incident : null,
            SilencedBy = isActive ? silences.Where(silence => silence.Hushes(alert, now)).Select(silence => silence.Key.ToString()).FirstOrDefault() : null,
            InhibitedBy = isActive
                ? routes.Where(route => alert.IsSeenFrom(route.Key.Namespace, route.IsSystem)).Select(route => NotificationPlanner.InhibitorOf(alert, route, firing)?.Id).FirstOrDefault(id => id is not null)
                : null,
        };
    }

    /// <summary>Of the alerts that the caller sees: other clusters of the same incident are not told.</summary>
    public static IReadOnlyList<IncidentView> Incidents(IEnumerable<AlertInstance> alerts) =>
    [
        .. alerts.Where(alert => alert.Incident.Length > 0).GroupBy(alert => alert.Incident).Select(incident =>
        {
            var all = incident.ToList();
            var firing = all.Count(alert => alert.Phase == AlertPhase.Firing);
            var first = all.MinBy(alert => alert.FiredAt)!;
            return new IncidentView
            {
                Id = incident.Key, Rule = first.Rule.Alert, Namespace = first.Rule.Namespace, AlertRule = first.Rule.Name,
                Severity = all.Select(alert => alert.Severity).OrderBy(severity => Array.IndexOf(Severities, severity) is >= 0 and var rank ? rank : Severities.Length).First(),
                Since = first.FiredAt ?? first.ActiveSince, ResolvedAt = firing > 0 ? null : all.Max(alert => alert.ResolvedAt), State = firing > 0 ? "firing" : "resolved",
                Clusters = [.. all.Where(alert => alert.Cluster is not null).Select(alert => $"{alert.Tenant}/{alert.Cluster}").Distinct().Order(StringComparer.Ordinal)],
                Alerts = all.Count, Firing = firing, Summary = first.Annotations.GetValueOrDefault("summary") ?? first.Rule.Alert,
            };
        }).OrderBy(incident => incident.State, StringComparer.Ordinal).ThenByDescending(incident => incident.Since).ThenBy(incident => incident.Id, StringComparer.Ordinal),
    ];

    public static SilenceView Silence(Silence silence, SilenceRow row, IEnumerable<AlertInstance> firing, DateTimeOffset now) => new()
    {
        Namespace = row.Key.Namespace, Name = row.Key.Name, Matchers = silence.Spec.Matchers, StartsAt = silence.Spec.StartsAt ?? silence.Metadata.CreationTimestamp, EndsAt = row.EndsAt,
        Comment = row.Comment, CreatedBy = row.CreatedBy, State = row.StateAt(now).ToLowerInvariant(), Alerts = firing.Count(alert => row.Hushes(alert, now)), Problem = row.Problem,
        ResourceVersion = silence.Metadata.ResourceVersion,
    };

    public static ReceiverView Receiver(Receiver receiver, ReceiverRecord record) => new()
    {
        Namespace = receiver.Metadata.Key.Namespace, Name = receiver.Metadata.Key.Name, Type = ReceiverTypes.Of(receiver.Spec), State = StateOf(record),
        LastDelivery = record.LastDelivery, Failed = record.Failed, Dead = record.Dead, Message = record.Failed > 0 || record.Dead > 0 ? record.LastError : null,
    };

    /// <summary>Dead only while nothing was delivered since something was given up.</summary>
    public static string StateOf(ReceiverRecord record) =>
        record.Failed > 0 ? "failing"
        : record.LastDead is { } dead && record.Dead > 0 && !(record.LastDelivery > dead) ? "dead"
        : record.LastDelivery is null ? "unused" : "ok";

    public static string Word(AlertPhase phase) => phase.ToString().ToLowerInvariant();
}

using System.Collections.Immutable;
using Fleet.Observability.Alerts.Matching;
using Fleet.Observability.Alerts.States;

namespace Fleet.Observability.Alerts.Routing;

/// <summary>Who is told what now, by Alertmanager's rules of grouping, waiting, repeating, inhibition and silence. Pure.</summary>
internal static class NotificationPlanner
{
    /// <summary>More would not fit into what receivers take.</summary>
    private const int MostAlerts = 200;

    public static NotificationPlan Plan(RoutingFacts facts, DateTimeOffset now)
    {
        var alerts = facts.Alerts.ToDictionary(alert => alert.Id);
        var groups = facts.Groups.ToDictionary(group => group.Key, group => group.Value, StringComparer.Ordinal);
        var live = new Dictionary<string, (RouteTable Table, RouteNode Node)>(StringComparer.Ordinal);
        foreach (var table in facts.Routes)
        {
            foreach (var node in table.Nodes.Append(table.Otherwise).OfType<RouteNode>().Where(node => node.Receiver is not null))
                live.TryAdd(node.Id, (table, node));
            foreach (var alert in facts.Alerts)
                if (alert.Phase == AlertPhase.Firing && alert.IsSeenFrom(table.Key.Namespace, table.IsSystem))
                    foreach (var node in table.For(alert.Labels))
                        Join(groups, table, node, alert, now);
        }
        var (changed, gone, notifications) = (new List<GroupState>(), new List<string>(), new List<Notification>());
        foreach (var group in groups.Values)
        {
            if (!live.TryGetValue(group.Route, out var route))
            {
                gone.Add(group.Key);
                continue;
            }
            var (after, notification) = group.NextFlush <= now ? Flush(group, route.Table, route.Node, facts, alerts, now) : (group, null);
            if (notification is not null)
                notifications.Add(notification);
            if (after is null)
                gone.Add(group.Key);
            else if (!ReferenceEquals(after, facts.Groups.GetValueOrDefault(group.Key)))
                changed.Add(after);
        }
        return new(changed, gone, notifications);
    }

    /// <summary>Alerts that hush an alert for the routes of a table.</summary>
    public static AlertInstance? InhibitorOf(AlertInstance alert, RouteTable table, IEnumerable<AlertInstance> alerts) => table.Inhibitions.Count == 0 ? null : alerts.FirstOrDefault(source =>
        source.Phase == AlertPhase.Firing && source.Id != alert.Id && source.IsSeenFrom(table.Key.Namespace, table.IsSystem)
        && table.Inhibitions.Any(rule => rule.Hushes(source.Labels, alert.Labels)));

    /// <summary>Silences of its own namespace and of the system count for a table: a tenant hushes itself, never those who watch over it.</summary>
    public static bool CountsFor(SilenceRow silence, RouteTable table) => silence.IsSystem || silence.Key.Namespace == table.Key.Namespace;

    private static void Join(Dictionary<string, GroupState> groups, RouteTable table, RouteNode node, AlertInstance alert, DateTimeOffset now)
    {
        var labels = node.GroupBy.Of(alert);
        var key = AlertLabels.Fingerprint(labels, node.Id);
        if (groups.TryGetValue(key, out var group))
        {
            if (!group.Members.Contains(alert.Id))
                groups[key] = group with { Members = group.Members.Add(alert.Id) };
            return;
        }
        // An alert that has fired for longer than the group waits has waited: so it is after a start without a state.
        var flush = alert.FiredAt + node.Wait <= now ? now : now + node.Wait;
        groups[key] = new()
        {
            Key = key, Route = node.Id, Namespace = table.Key.Namespace, Receiver = node.Receiver!, Labels = labels, NextFlush = flush,
            Members = ImmutableSortedSet.Create(StringComparer.Ordinal, alert.Id),
        };
    }

    private static (GroupState? After, Notification? Notification) Flush(
        GroupState group, RouteTable table, RouteNode node, RoutingFacts facts, Dictionary<string, AlertInstance> alerts, DateTimeOffset now)
    {
        var members = group.Members.Select(id => alerts.GetValueOrDefault(id)).OfType<AlertInstance>().ToList();
        var told = members.Where(alert => InhibitorOf(alert, table, facts.Alerts) is null && !facts.Silences.Any(silence => CountsFor(silence, table) && silence.Hushes(alert, now))).ToList();
        var firing = Ids(told, AlertPhase.Firing);
        var resolved = Ids(told, AlertPhase.Resolved);
        // What is over has had its chance to be told; it comes back as a new member if it fires again.
        var left = Ids(members, AlertPhase.Firing);
        var after = group with { Members = left, NextFlush = now + node.Interval };
        var sendsResolved = !facts.WithoutResolved.Contains(new(group.Namespace, group.Receiver));
        Notification? notification = null;
        if (told.Count > 0 && NeedsUpdate(group, firing, resolved, sendsResolved, node.Repeat, now))
        {
            var sent = sendsResolved ? told : [.. told.Where(alert => alert.Phase == AlertPhase.Firing)];
            after = after with { NotifiedAt = now, NotifiedFiring = firing, NotifiedResolved = resolved, Sequence = group.Sequence + 1 };
            if (sent.Count > 0)
                notification = Of(after, sent, now);
        }
        return (left.IsEmpty ? null : after, notification);
    }

    /// <summary>Alertmanager's rule of deduplication.</summary>
    private static bool NeedsUpdate(GroupState group, ImmutableSortedSet<string> firing, ImmutableSortedSet<string> resolved, bool sendsResolved, TimeSpan repeat, DateTimeOffset now)
    {
        if (group.NotifiedAt is not { } last)
            return firing.Count > 0;
        if (!firing.IsSubsetOf(group.NotifiedFiring))
            return true;
        if (firing.Count == 0)
            return group.NotifiedFiring.Count > 0;
        if (sendsResolved && !resolved.IsSubsetOf(group.NotifiedResolved))
            return true;
        return now - last >= repeat;
    }

    private static Notification Of(GroupState group, List<AlertInstance> alerts, DateTimeOffset now)
    {
        // Those that fire first: what is cut off is over.
        var ordered = alerts.OrderBy(alert => alert.Phase).ThenBy(alert => alert.Tenant, StringComparer.Ordinal).ThenBy(alert => alert.Cluster, StringComparer.Ordinal).ThenBy(alert => alert.Id, StringComparer.Ordinal).ToList();
        return new()
        {
            Id = AlertLabels.Fingerprint(group.Labels, group.Key, now.UtcTicks.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            GroupKey = group.Key, Namespace = group.Namespace, Receiver = group.Receiver, GroupLabels = group.Labels, At = now,
            Alerts = [.. ordered.Take(MostAlerts).Select(Of)],
            Truncated = Math.Max(0, ordered.Count - MostAlerts),
        };
    }

    private static NotifiedAlert Of(AlertInstance alert) => new(
        alert.Id, alert.Rule.Namespace, alert.Rule.Name, alert.Labels, alert.Annotations, alert.FiredAt ?? alert.ActiveSince, alert.ResolvedAt, alert.Value, alert.Incident);

    private static ImmutableSortedSet<string> Ids(List<AlertInstance> alerts, AlertPhase phase) =>
        ImmutableSortedSet.CreateRange(StringComparer.Ordinal, alerts.Where(alert => alert.Phase == phase).Select(alert => alert.Id));
}

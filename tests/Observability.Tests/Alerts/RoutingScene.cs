using Fleet.Contracts.Alerts;
using Fleet.Control.Alerts;
using Fleet.Kubernetes.Objects;
using Fleet.Observability.Alerts.Matching;
using Fleet.Observability.Alerts.Routing;
using Fleet.Observability.Alerts.States;

namespace Fleet.Observability.Tests.Alerts;

/// <summary>Alerts, routes and silences with a clock in minutes; each turn applies what the planner says.</summary>
internal sealed class RoutingScene
{
    public static readonly DateTimeOffset Start = new(2026, 11, 22, 8, 0, 0, TimeSpan.Zero);

    private readonly Dictionary<string, AlertInstance> alerts = [];
    private Dictionary<string, GroupState> groups = new(StringComparer.Ordinal);

    public List<RouteTable> Routes { get; } = [];

    public List<SilenceRow> Silences { get; } = [];

    public HashSet<ObjectKey> WithoutResolved { get; } = [];

    public int GroupCount => groups.Count;

    public RoutingScene Route(AlertRouteSpec spec, string @namespace = "kcm-system", string name = "usual")
    {
        Routes.RemoveAll(route => route.Key == new ObjectKey(@namespace, name));
        Routes.Add(RouteTable.Of(new(@namespace, name), @namespace == "kcm-system", spec));
        return this;
    }

    public void Fire(double minute, string cluster, string alert = "ClusterNotReady", string severity = "critical", string tenant = "team-a", string rules = "kcm-system", string more = "")
    {
        var labels = AlertLabels.Of([new("alertname", alert), new("cluster", cluster), new("clusterNamespace", tenant), new("severity", severity), new("more", more)]);
        var id = $"{alert}/{cluster}{more}";
        alerts[id] = new()
        {
            Id = id, Rule = new(rules, "usual", alert), Labels = labels, Annotations = AlertLabels.None, Phase = AlertPhase.Firing, ActiveSince = At(minute), FiredAt = At(minute), Incident = "i",
        };
    }

    public void Resolve(double minute, string cluster, string alert = "ClusterNotReady") =>
        alerts[$"{alert}/{cluster}"] = alerts[$"{alert}/{cluster}"] with { Phase = AlertPhase.Resolved, ResolvedAt = At(minute) };

    public void Pend(double minute, string cluster)
    {
        Fire(minute, cluster);
        alerts[$"ClusterNotReady/{cluster}"] = alerts[$"ClusterNotReady/{cluster}"] with { Phase = AlertPhase.Pending, FiredAt = null };
    }

    public void Silence(double from, double to, string matcher, string @namespace = "kcm-system") =>
        Silences.Add(new(new(@namespace, $"s{Silences.Count}"), @namespace == "kcm-system", [Matcher.Parse(matcher)], At(from), At(to), "", null, null));

    /// <summary>What is told at a minute: receiver and alerts, those that are over with a minus.</summary>
    public string[] Turn(double minute) => [.. Notifications(minute).Select(Text)];

    public IReadOnlyList<Notification> Notifications(double minute)
    {
        var plan = NotificationPlanner.Plan(new() { Alerts = alerts.Values, Routes = Routes, Silences = Silences, Groups = groups, WithoutResolved = WithoutResolved }, At(minute));
        groups = new(groups, StringComparer.Ordinal);
        foreach (var group in plan.Groups)
            groups[group.Key] = group;
        foreach (var key in plan.Gone)
            groups.Remove(key);
        return [.. plan.Notifications.OrderBy(Text, StringComparer.Ordinal)];
    }

    /// <summary>What is told in each turn of so many, one every half a minute, as <c>minute: text</c>.</summary>
    public string[] Run(double from, double to)
    {
        var told = new List<string>();
        for (var minute = from; minute <= to; minute += 0.5)
            told.AddRange(Turn(minute).Select(text => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{minute}: {text}")));
        return [.. told];
    }

    private static string Text(Notification notification) =>
        $"{notification.Receiver} {string.Join(' ', notification.Alerts.Select(alert => $"{(alert.IsFiring ? "" : "-")}{alert.Labels["cluster"]}{alert.Labels.GetValueOrDefault("more")}").Order(StringComparer.Ordinal))}";

    private static DateTimeOffset At(double minute) => Start.AddMinutes(minute);
}

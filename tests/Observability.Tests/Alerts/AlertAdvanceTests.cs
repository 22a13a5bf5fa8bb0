using Fleet.Observability.Alerts.Matching;
using Fleet.Observability.Alerts.States;

namespace Fleet.Observability.Tests.Alerts;

/// <summary>pending → firing → resolved, as Prometheus has it.</summary>
public sealed class AlertAdvanceTests
{
    private static readonly RuleKey Rule = new("kcm-system", "usual", "ClusterNotReady");
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 8, 0, 0, TimeSpan.Zero);

    private readonly TimeSpan keep;
    private IReadOnlyList<AlertInstance> alerts = [];

    public AlertAdvanceTests() => keep = TimeSpan.Zero;

    [Fact]
    public void Fires_when_its_condition_has_held_for_long_enough()
    {
        Turn(0, For(10, "web"));
        Assert.Equal(AlertPhase.Pending, One("web").Phase);
        Turn(9, For(10, "web"));
        Assert.Equal(AlertPhase.Pending, One("web").Phase);
        Turn(10, For(10, "web"));
        Assert.Equal((AlertPhase.Firing, Start, Start.AddMinutes(10)), (One("web").Phase, One("web").ActiveSince, One("web").FiredAt));
        Turn(60, For(10, "web"));
        Assert.Equal(Start.AddMinutes(10), One("web").FiredAt);
    }

    [Fact]
    public void Fires_at_once_without_for()
    {
        Turn(0, For(0, "web"));
        Assert.Equal(AlertPhase.Firing, One("web").Phase);
    }

    [Fact]
    public void What_does_not_hold_any_more_before_its_time_was_nothing()
    {
        Turn(0, For(10, "web"));
        Turn(5);
        Assert.Empty(alerts);
        Turn(6, For(10, "web"));
        Turn(15, For(10, "web"));
        Assert.Equal(AlertPhase.Pending, One("web").Phase);
    }

    [Fact]
    public void Is_resolved_when_its_condition_is_gone_and_forgotten_after_a_week()
    {
        Turn(0, For(0, "web"));
        Turn(5);
        Assert.Equal((AlertPhase.Resolved, Start.AddMinutes(5)), (One("web").Phase, One("web").ResolvedAt));
        Turn(5 + 7 * 24 * 60 - 1);
        Assert.Single(alerts);
        Turn(5 + 7 * 24 * 60);
        Assert.Empty(alerts);
    }

    [Fact]
    public void Goes_on_firing_for_as_long_as_it_is_kept()
    {
        alerts = AlertAdvance.Advance(Rule, alerts, [For(0, "web")], TimeSpan.FromMinutes(5), Start);
        alerts = AlertAdvance.Advance(Rule, alerts, [], TimeSpan.FromMinutes(5), Start.AddMinutes(1));
        alerts = AlertAdvance.Advance(Rule, alerts, [], TimeSpan.FromMinutes(5), Start.AddMinutes(5));
        Assert.Equal((AlertPhase.Firing, Start.AddMinutes(1)), (One("web").Phase, One("web").UnseenSince));
        // Seen again: the time begins anew.
        alerts = AlertAdvance.Advance(Rule, alerts, [For(0, "web")], TimeSpan.FromMinutes(5), Start.AddMinutes(5.5));
        alerts = AlertAdvance.Advance(Rule, alerts, [], TimeSpan.FromMinutes(5), Start.AddMinutes(6));
        alerts = AlertAdvance.Advance(Rule, alerts, [], TimeSpan.FromMinutes(5), Start.AddMinutes(10.9));
        Assert.Equal(AlertPhase.Firing, One("web").Phase);
        alerts = AlertAdvance.Advance(Rule, alerts, [], TimeSpan.FromMinutes(5), Start.AddMinutes(11));
        Assert.Equal(AlertPhase.Resolved, One("web").Phase);
    }

    [Fact]
    public void Fires_again_as_the_same_alert_from_its_beginning()
    {
        Turn(0, For(0, "web"));
        var id = One("web").Id;
        Turn(5);
        Turn(7, For(10, "web"));
        Assert.Equal((id, AlertPhase.Pending, Start.AddMinutes(7)), (One("web").Id, One("web").Phase, One("web").ActiveSince));
        Turn(17, For(10, "web"));
        Assert.Equal((AlertPhase.Firing, Start.AddMinutes(17), (DateTimeOffset?)null), (One("web").Phase, One("web").FiredAt, One("web").ResolvedAt));
    }

    [Fact]
    public void What_fires_together_is_one_incident_and_what_comes_after_it_another()
    {
        Turn(0, For(0, "a"), For(0, "b"));
        Turn(1, For(0, "b"), For(0, "c"));
        var first = One("a").Incident;
        Assert.All(["b", "c"], cluster => Assert.Equal(first, One(cluster).Incident));
        Turn(2);
        Turn(3, For(0, "a"));
        Assert.NotEqual(first, One("a").Incident);
        Assert.Equal(first, One("b").Incident);
    }

    [Fact]
    public void Pending_alerts_have_no_incident()
    {
        Turn(0, For(10, "a"));
        Assert.Empty(One("a").Incident);
        Turn(10, For(10, "a"));
        Assert.NotEmpty(One("a").Incident);
    }

    [Fact]
    public void The_same_labels_twice_are_one_alert()
    {
        Turn(0, For(0, "web"), For(0, "web"));
        Assert.Single(alerts);
    }

    [Fact]
    public void Alerts_of_a_rule_that_is_gone_end()
    {
        Turn(0, For(0, "a"), For(10, "b"));
        alerts = AlertAdvance.End(alerts, Start.AddMinutes(1));
        Assert.Equal(AlertPhase.Resolved, Assert.Single(alerts).Phase);
    }

    [Fact]
    public void The_same_labels_of_another_rule_are_another_alert()
    {
        Turn(0, For(0, "web"));
        var other = AlertAdvance.Advance(Rule with { Namespace = "team-a" }, [], [For(0, "web")], TimeSpan.Zero, Start);
        Assert.NotEqual(One("web").Id, Assert.Single(other).Id);
    }

    private void Turn(double minutes, params WantedAlert[] wanted) => alerts = AlertAdvance.Advance(Rule, alerts, wanted, keep, Start.AddMinutes(minutes));

    private AlertInstance One(string cluster) => alerts.Single(alert => alert.Cluster == cluster);

    private static WantedAlert For(double minutes, string cluster) => new(
        AlertLabels.Of([new("alertname", "ClusterNotReady"), new("cluster", cluster), new("clusterNamespace", "team-a")]), AlertLabels.None, 1, TimeSpan.FromMinutes(minutes));
}

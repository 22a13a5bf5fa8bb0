using Fleet.Contracts.Alerts;

namespace Fleet.Observability.Tests.Alerts;

/// <summary>Who is told what and when, by what Alertmanager documents.</summary>
public sealed class NotificationPlannerTests
{
    private readonly RoutingScene scene = new();

    private static AlertRouteSpec Usual => new() { Receiver = "mail", GroupWait = "30s", GroupInterval = "5m", RepeatInterval = "4h" };

    [Fact]
    public void The_first_alert_of_a_group_waits_for_others()
    {
        scene.Route(Usual).Fire(0, "a");
        Assert.Empty(scene.Turn(0));
        scene.Fire(0.3, "b");
        Assert.Empty(scene.Turn(0.3));
        Assert.Equal(["mail a b"], scene.Turn(0.5));
    }

    [Fact]
    public void An_alert_in_many_clusters_is_one_notification_that_names_them()
    {
        scene.Route(Usual);
        for (var cluster = 0; cluster < 50; cluster++)
            scene.Fire(0, $"c{cluster:00}", tenant: $"team-{cluster % 3}");
        scene.Turn(0);
        var notification = Assert.Single(scene.Notifications(1));
        Assert.Equal(50, notification.Alerts.Count);
        Assert.Equal(["alertname"], notification.GroupLabels.Keys);
    }

    [Fact]
    public void What_changes_in_a_group_is_told_after_its_interval()
    {
        scene.Route(Usual).Fire(0, "a");
        Assert.Equal(["0.5: mail a"], scene.Run(0, 2));
        scene.Fire(2, "b");
        Assert.Equal(["5.5: mail a b"], scene.Run(2, 12));
    }

    [Fact]
    public void What_does_not_change_is_told_again_after_the_repeat_interval()
    {
        scene.Route(Usual with { RepeatInterval = "1h" }).Fire(0, "a");
        // As in Alertmanager: at the first interval of the group that is not before it.
        Assert.Equal(["0.5: mail a", "60.5: mail a", "120.5: mail a"], scene.Run(0, 130));
    }

    [Fact]
    public void What_is_over_is_told_once()
    {
        scene.Route(Usual).Fire(0, "a");
        scene.Run(0, 1);
        scene.Resolve(2, "a");
        Assert.Equal(["5.5: mail -a"], scene.Run(2, 30));
        Assert.Equal(0, scene.GroupCount);
    }

    [Fact]
    public void One_of_several_that_is_over_is_told_with_those_that_are_not()
    {
        scene.Route(Usual).Fire(0, "a");
        scene.Fire(0, "b");
        scene.Run(0, 1);
        scene.Resolve(2, "a");
        Assert.Equal(["5.5: mail -a b"], scene.Run(2, 30.5));
        scene.Resolve(31, "b");
        Assert.Equal(["35.5: mail -b"], scene.Run(31, 60));
    }

    [Fact]
    public void What_is_over_before_it_was_told_is_never_told()
    {
        scene.Route(Usual).Fire(0, "a");
        scene.Turn(0);
        scene.Resolve(0.2, "a");
        Assert.Empty(scene.Run(0.5, 20));
    }

    [Fact]
    public void What_comes_and_goes_between_two_notifications_is_told_when_it_stays()
    {
        scene.Route(Usual).Fire(0, "a");
        scene.Run(0, 1);
        scene.Resolve(2, "a");
        scene.Run(2, 3);
        scene.Fire(4, "a");
        // The receiver believes that it fires, and it does.
        Assert.Empty(scene.Run(4, 30));
    }

    [Fact]
    public void What_fires_again_after_its_end_was_told_begins_anew()
    {
        scene.Route(Usual).Fire(0, "a");
        scene.Run(0, 1);
        scene.Resolve(2, "a");
        scene.Run(2, 10);
        scene.Fire(11, "a");
        Assert.Equal(["11.5: mail a"], scene.Run(11, 15));
    }

    [Fact]
    public void Who_wants_to_hear_of_no_end_hears_of_none()
    {
        scene.Route(Usual).Fire(0, "a");
        scene.Fire(0, "b");
        scene.WithoutResolved.Add(new("kcm-system", "mail"));
        scene.Run(0, 1);
        scene.Resolve(2, "a");
        Assert.Empty(scene.Run(2, 12));
        scene.Resolve(13, "b");
        Assert.Empty(scene.Run(13, 30));
        scene.Fire(31, "a");
        Assert.Equal(["31.5: mail a"], scene.Run(31, 32));
    }

    [Fact]
    public void Pending_alerts_are_not_told()
    {
        scene.Route(Usual).Pend(0, "a");
        Assert.Empty(scene.Run(0, 10));
    }

    [Fact]
    public void The_first_route_that_fits_takes_the_alert_unless_it_says_continue()
    {
        scene.Route(Usual with
        {
            Routes =
            [
                new() { Matchers = ["severity=critical"], Receiver = "pager", Continue = true },
                new() { Matchers = ["cluster=~\"eu-.*\""], Receiver = "europe" },
                new() { Matchers = ["cluster=~\"eu-1\""], Receiver = "never" },
            ],
        });
        scene.Fire(0, "eu-1");
        scene.Fire(0, "eu-2", severity: "warning");
        scene.Fire(0, "us-1");
        scene.Fire(0, "us-2", severity: "warning");
        scene.Turn(0);
        // us-1 was taken by a route that says continue: what nobody else takes is not for the rest.
        Assert.Equal(["europe eu-1 eu-2", "mail us-2", "pager eu-1 us-1"], scene.Turn(0.5));
    }

    [Fact]
    public void Routes_that_are_alike_but_for_their_groups_are_two()
    {
        scene.Route(Usual with
        {
            Routes =
            [
                new() { Matchers = ["severity=critical"], Receiver = "pager", GroupBy = ["severity"], Continue = true },
                new() { Matchers = ["severity=critical"], Receiver = "pager", GroupBy = ["severity"], GroupWait = "2m" },
            ],
        });
        scene.Fire(0, "a");
        scene.Fire(0, "b");
        scene.Turn(0);
        Assert.Equal(2, scene.GroupCount);
        Assert.Equal(["0.5: pager a b", "2: pager a b"], scene.Run(0.5, 3));
    }

    [Fact]
    public void Alerts_are_grouped_by_the_labels_that_the_route_says()
    {
        scene.Route(Usual with { GroupBy = ["alertname", "cluster"], Routes = [new() { Matchers = ["alertname=Stale"], GroupBy = ["..."], Receiver = "each" }] });
        scene.Fire(0, "a");
        scene.Fire(0, "b");
        scene.Fire(0, "a", alert: "Stale", more: "1");
        scene.Fire(0, "a", alert: "Stale", more: "2");
        scene.Turn(0);
        Assert.Equal(["each a1", "each a2", "mail a", "mail b"], scene.Turn(0.5));
    }

    [Fact]
    public void A_source_that_fires_hushes_targets_with_equal_labels()
    {
        scene.Route(Usual with
        {
            GroupBy = ["..."],
            InhibitRules = [new() { SourceMatchers = ["alertname=ClusterNotReady"], TargetMatchers = ["severity=~\"warning|info\""], Equal = ["cluster", "clusterNamespace"] }],
        });
        scene.Fire(0, "a");
        scene.Fire(0, "a", alert: "ServiceFailed", severity: "warning");
        scene.Fire(0, "b", alert: "ServiceFailed", severity: "warning");
        scene.Fire(0, "a", alert: "ServiceFailed", severity: "warning", tenant: "team-b", more: "2");
        scene.Turn(0);
        Assert.Equal(["mail a", "mail a2", "mail b"], scene.Turn(0.5));
        scene.Resolve(1, "a");
        Assert.Equal(["5.5: mail -a", "5.5: mail a"], scene.Run(1, 9).Order());
    }

    [Fact]
    public void What_is_source_and_target_does_not_hush_its_like()
    {
        scene.Route(Usual with { InhibitRules = [new() { SourceMatchers = ["severity=critical"], TargetMatchers = ["alertname=ClusterNotReady"] }] });
        scene.Fire(0, "a");
        scene.Fire(0, "b");
        scene.Turn(0);
        Assert.Equal(["mail a b"], scene.Turn(0.5));
    }

    [Fact]
    public void A_silence_hushes_while_it_lasts()
    {
        scene.Route(Usual).Fire(0, "a");
        scene.Silence(0, 60, "cluster=a");
        Assert.Empty(scene.Run(0, 59));
        Assert.Equal(["60.5: mail a"], scene.Run(60, 70));
    }

    [Fact]
    public void What_is_told_and_then_silenced_is_told_again_only_when_it_is_time_to_repeat()
    {
        scene.Route(Usual with { RepeatInterval = "1h" }).Fire(0, "a");
        scene.Run(0, 1);
        scene.Silence(1, 30, "cluster=a");
        Assert.Equal(["60.5: mail a"], scene.Run(1, 70));
    }

    [Fact]
    public void What_ends_in_a_silence_ends_silently()
    {
        scene.Route(Usual).Fire(0, "a");
        scene.Run(0, 1);
        scene.Silence(1, 30, "cluster=a");
        scene.Resolve(2, "a");
        Assert.Empty(scene.Run(2, 60));
    }

    [Fact]
    public void A_tenant_sees_alerts_of_its_own_clusters_and_hushes_nobody_but_itself()
    {
        scene.Route(Usual with { Receiver = "platform" });
        scene.Route(Usual with { Receiver = "team" }, "team-a");
        scene.Route(Usual with { Receiver = "other" }, "team-b");
        scene.Fire(0, "a", tenant: "team-a");
        scene.Fire(0, "b", tenant: "team-a", alert: "Own", rules: "team-a");
        scene.Silence(0, 60, "cluster=a", "team-a");
        scene.Turn(0);
        Assert.Equal(["platform a", "platform b", "team b"], scene.Turn(0.5));
        scene.Silence(0, 60, "cluster=b");
        Assert.Empty(scene.Run(1, 5));
    }

    [Fact]
    public void A_route_that_is_gone_tells_nothing_any_more_and_leaves_nothing_behind()
    {
        scene.Route(Usual).Fire(0, "a");
        scene.Turn(0);
        scene.Routes.Clear();
        Assert.Empty(scene.Run(0.5, 10));
        Assert.Equal(0, scene.GroupCount);
    }

    [Fact]
    public void A_route_that_comes_before_another_does_not_make_it_tell_again()
    {
        var spec = Usual with { Routes = [new() { Matchers = ["cluster=a"], Receiver = "one" }] };
        scene.Route(spec).Fire(0, "a");
        Assert.Equal(["0.5: one a"], scene.Run(0, 1));
        spec.Routes!.Insert(0, new() { Matchers = ["cluster=z"], Receiver = "two" });
        scene.Route(spec);
        Assert.Empty(scene.Run(1, 60));
    }

    [Fact]
    public void An_alert_that_has_waited_already_does_not_wait_again()
    {
        scene.Fire(0, "a");
        scene.Route(Usual);
        Assert.Equal(["mail a"], scene.Turn(10));
    }

    [Fact]
    public void The_same_notification_has_the_same_id_and_the_next_one_another()
    {
        scene.Route(Usual with { RepeatInterval = "5m" }).Fire(0, "a");
        scene.Turn(0);
        var first = Assert.Single(scene.Notifications(0.5));
        var second = Assert.Single(scene.Notifications(5.5));
        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal(first.GroupKey, second.GroupKey);
    }

    [Fact]
    public void Of_very_many_alerts_those_that_fire_are_told_and_the_rest_is_counted()
    {
        scene.Route(Usual);
        for (var cluster = 0; cluster < 250; cluster++)
            scene.Fire(0, $"c{cluster:000}");
        scene.Turn(0);
        var notification = Assert.Single(scene.Notifications(0.5));
        Assert.Equal((200, 50), (notification.Alerts.Count, notification.Truncated));
    }
}

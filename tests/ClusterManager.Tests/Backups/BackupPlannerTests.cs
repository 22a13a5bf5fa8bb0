using System.Globalization;
using Fleet.ClusterManager.Backups;
using Fleet.Contracts;
using Fleet.Contracts.Backups;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Tests.Backups;

public sealed class BackupPlannerTests
{
    private static readonly DateTimeOffset Created = Time("2026-11-20T12:00:00Z");

    private static readonly ManagementBackupSpec Nightly = new() { Schedule = "0 3 * * *" };

    [Fact]
    public void A_new_schedule_waits_for_its_first_time()
    {
        var plan = Plan(Nightly, null, "2026-11-20T13:00:00Z");
        Assert.Equal((BackupAction.Wait, Time("2026-11-21T03:00:00Z"), Time("2026-11-21T03:00:00Z")), (plan.Action, plan.Next, plan.LookAt));
    }

    [Fact]
    public void What_was_missed_is_made_up_for_once_under_the_name_of_its_time()
    {
        var plan = Plan(Nightly, null, "2026-11-24T10:00:00Z");
        Assert.Equal((BackupAction.Run, "nightly-20261124030000", Time("2026-11-24T03:00:00Z")), (plan.Action, plan.Name.Text, plan.Due));
        var after = Plan(Nightly, Done("nightly-20261124030000", "2026-11-24T03:00:00Z", "2026-11-24T10:05:00Z"), "2026-11-24T10:06:00Z");
        Assert.Equal((BackupAction.Wait, Time("2026-11-25T03:00:00Z")), (after.Action, after.Next));
    }

    [Fact]
    public void A_schedule_is_read_in_its_time_zone() =>
        Assert.Equal("nightly-20261121020000", Plan(Nightly with { TimeZone = "Europe/Paris" }, null, "2026-11-21T02:30:00Z").Name.Text);

    [Fact]
    public void One_without_a_schedule_is_made_once_under_its_own_name()
    {
        var plan = Plan(new(), null, "2026-11-20T12:00:01Z");
        Assert.Equal((BackupAction.Run, "nightly"), (plan.Action, plan.Name.Text));
        var after = Plan(new(), Done("nightly", null, "2026-11-20T12:01:00Z"), "2027-11-20T12:00:00Z");
        Assert.Equal((BackupAction.Wait, (DateTimeOffset?)null, (DateTimeOffset?)null), (after.Action, after.Next, after.LookAt));
    }

    [Fact]
    public void What_was_cut_off_is_gone_on_with_under_the_same_name()
    {
        var status = Done("nightly-20261121030000", "2026-11-21T03:00:00Z", null) with { LastBackup = new() { Phase = BackupPhase.InProgress } };
        // Also when the next time has come meanwhile.
        var plan = Plan(Nightly, status, "2026-11-22T04:00:00Z");
        Assert.Equal((BackupAction.Run, true, "nightly-20261121030000"), (plan.Action, plan.Resumes, plan.Name.Text));
    }

    [Theory]
    [InlineData(1, "2026-11-21T03:00:59Z", false)]
    [InlineData(1, "2026-11-21T03:01:00Z", true)]
    [InlineData(4, "2026-11-21T03:07:59Z", false)]
    [InlineData(4, "2026-11-21T03:08:00Z", true)]
    [InlineData(40, "2026-11-21T03:59:00Z", false)]
    [InlineData(40, "2026-11-21T04:00:00Z", true)]
    public void What_failed_is_tried_again_ever_more_rarely_under_the_same_name(int failures, string now, bool again)
    {
        var plan = Plan(Nightly, Failed(failures), now);
        Assert.Equal(again ? BackupAction.Run : BackupAction.Wait, plan.Action);
        if (again)
            Assert.Equal("nightly-20261121030000", plan.Name.Text);
        else
            Assert.NotNull(plan.LookAt);
    }

    [Fact]
    public void The_next_time_comes_before_another_try()
    {
        var plan = Plan(new() { Schedule = "* * * * *" }, Failed(10), "2026-11-21T03:02:00Z");
        Assert.Equal("nightly-20261121030200", plan.Name.Text);
    }

    [Fact]
    public void Another_spec_and_a_key_that_came_are_tried_at_once()
    {
        Assert.Equal(BackupAction.Run, BackupPlanner.Plan(Facts(Nightly, Failed(5) with { ObservedGeneration = 1 }), Time("2026-11-21T03:00:10Z")).Action);
        Assert.Equal(BackupAction.Run, BackupPlanner.Plan(Facts(Nightly, Failed(5)) with { HasKeyNow = true }, Time("2026-11-21T03:00:10Z")).Action);
    }

    [Theory]
    [InlineData("1763700000", "nightly-20251121044000")]
    [InlineData("2026-11-21T04:05:06Z", "nightly-20261121040506")]
    [InlineData("please", "nightly-20261121100000")]
    public void One_that_is_asked_for_is_made_now_and_once(string request, string name)
    {
        var facts = Facts(Nightly, Done("nightly-20261121030000", "2026-11-21T03:00:00Z", "2026-11-21T03:01:00Z"));
        facts.Object.Metadata.Annotations = new() { [FleetAnnotations.ReconcileRequested] = request };
        var plan = BackupPlanner.Plan(facts, Time("2026-11-21T10:00:00Z"));
        Assert.Equal((BackupAction.Run, name, request), (plan.Action, plan.Name.Text, plan.Request));
        // The schedule stays where it was.
        Assert.Equal(Time("2026-11-21T03:00:00Z"), plan.Due);
        facts.Object.Status = facts.Object.Status! with { LastRequest = request };
        Assert.Equal(BackupAction.Wait, BackupPlanner.Plan(facts, Time("2026-11-21T10:00:00Z")).Action);
    }

    [Fact]
    public void A_clock_that_is_put_back_by_a_year_costs_no_year_of_backups()
    {
        var ahead = Done("nightly-20271121030000", "2027-11-21T03:00:00Z", "2027-11-21T03:01:00Z");
        var plan = Plan(Nightly, ahead, "2026-11-21T10:00:00Z");
        Assert.Equal(BackupAction.Rebase, plan.Action);
        // And then goes on as ever.
        var rebased = ahead with { LastScheduled = Time("2026-11-21T10:00:00Z") };
        Assert.Equal(BackupAction.Wait, Plan(Nightly, rebased, "2026-11-21T10:00:01Z").Action);
        Assert.Equal("nightly-20261122030000", Plan(Nightly, rebased, "2026-11-22T03:00:00Z").Name.Text);
    }

    [Theory]
    [InlineData("2026-11-21T02:59:59Z")]
    [InlineData("2026-11-21T02:56:00Z")]
    public void A_clock_that_is_corrected_a_little_makes_no_second_run(string now)
    {
        var plan = Plan(Nightly, Done("nightly-20261121030000", "2026-11-21T03:00:00Z", "2026-11-21T03:00:01Z"), now);
        Assert.Equal((BackupAction.Wait, Time("2026-11-22T03:00:00Z")), (plan.Action, plan.LookAt));
    }

    [Fact]
    public void A_clock_that_runs_ahead_by_years_makes_one_run_and_no_loop()
    {
        var plan = Plan(Nightly, Done("nightly-20261121030000", "2026-11-21T03:00:00Z", "2026-11-21T03:01:00Z"), "2031-01-01T00:00:00Z");
        Assert.Equal("nightly-20301231030000", plan.Name.Text);
        var after = Plan(Nightly, Done(plan.Name.Text, "2030-12-31T03:00:00Z", "2031-01-01T00:01:00Z"), "2031-01-01T00:01:00Z");
        Assert.Equal((BackupAction.Wait, Time("2031-01-01T03:00:00Z")), (after.Action, after.Next));
    }

    [Fact]
    public void A_backup_of_velero_is_waited_for_but_not_for_ever()
    {
        var facts = Facts(Nightly, null) with { VeleroRuns = "velero/daily-1" };
        var plan = BackupPlanner.Plan(facts, Time("2026-11-21T03:00:00Z"));
        Assert.Equal(BackupAction.Hold, plan.Action);
        Assert.Contains("velero/daily-1", plan.Message, StringComparison.Ordinal);
        Assert.Equal(BackupAction.Run, BackupPlanner.Plan(facts, Time("2026-11-21T04:00:01Z")).Action);
    }

    [Fact]
    public void Suspended_and_paused_ones_make_none()
    {
        Assert.Equal(BackupAction.Suspended, Plan(Nightly with { Suspend = true }, null, "2026-11-25T00:00:00Z").Action);
        var paused = Facts(Nightly, null);
        paused.Object.Metadata.Annotations = new() { [FleetAnnotations.Paused] = "true" };
        Assert.Equal(BackupAction.Suspended, BackupPlanner.Plan(paused, Time("2026-11-25T00:00:00Z")).Action);
    }

    [Theory]
    [InlineData("every night", null, false, "spec.schedule")]
    [InlineData("0 3 * * *", "Mars/Olympus", false, "spec.timeZone")]
    [InlineData(null, null, true, "spec.performOnManagementUpgrade")]
    public void What_can_not_be_acted_on_says_why(string? schedule, string? zone, bool upgrade, string field)
    {
        var plan = Plan(new() { Schedule = schedule, TimeZone = zone, PerformOnManagementUpgrade = upgrade }, null, "2026-11-21T00:00:00Z");
        Assert.Equal(BackupAction.Invalid, plan.Action);
        Assert.StartsWith(field, plan.Message, StringComparison.Ordinal);
    }

    private static BackupPlan Plan(ManagementBackupSpec spec, ManagementBackupStatus? status, string now) => BackupPlanner.Plan(Facts(spec, status), Time(now));

    private static BackupFacts Facts(ManagementBackupSpec spec, ManagementBackupStatus? status) => new()
    {
        Object = new CustomResource<ManagementBackupSpec, ManagementBackupStatus> { Metadata = new() { Name = "nightly", Generation = 2, CreationTimestamp = Created }, Spec = spec, Status = status },
    };

    private static ManagementBackupStatus Done(string name, string? due, string? ended) => new()
    {
        LastBackupName = name, LastScheduled = due is null ? null : Time(due), ObservedGeneration = 2,
        LastBackup = new() { Phase = BackupPhase.Completed, CompletionTimestamp = ended is null ? null : Time(ended) },
    };

    private static ManagementBackupStatus Failed(int failures) => new()
    {
        LastBackupName = "nightly-20261121030000", LastScheduled = Time("2026-11-21T03:00:00Z"), Failures = failures, ObservedGeneration = 2,
        LastBackup = new() { Phase = BackupPhase.Failed, CompletionTimestamp = Time("2026-11-21T03:00:00Z") },
    };

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}

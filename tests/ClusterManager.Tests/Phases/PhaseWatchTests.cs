using Fleet.ClusterManager.Phases;
using Fleet.Contracts.Clusters;
using Fleet.Contracts.Conditions;
using Fleet.Kubernetes.Objects;
using Fleet.Testing.Time;

namespace Fleet.ClusterManager.Tests.Phases;

public class PhaseWatchTests
{
    private static readonly ObjectMeta Plain = new();

    private readonly ManualTimeProvider clock = new();

    [Fact]
    public void The_whole_counts_through_the_phases_and_each_phase_for_itself()
    {
        var watch = new PhaseWatch(clock, new() { ControlPlane = TimeSpan.FromMinutes(20) });
        Assert.Null(watch.Judge(ClusterPhases.Infrastructure, Plain, null));
        clock.Advance(TimeSpan.FromMinutes(15));
        Assert.Null(watch.Judge(ClusterPhases.ControlPlane, Plain, null));
        Assert.Equal(clock.GetUtcNow() + TimeSpan.FromMinutes(15), watch.Progress!.Deadline);
        clock.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal(new PhaseOverdue(ClusterPhases.ControlPlane, TimeSpan.FromMinutes(30), IsWhole: true), watch.Judge(ClusterPhases.ControlPlane, Plain, null));
        clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(new PhaseOverdue(ClusterPhases.ControlPlane, TimeSpan.FromMinutes(20), IsWhole: false), watch.Judge(ClusterPhases.ControlPlane, Plain, null));
    }

    [Fact]
    public void The_deadline_is_ahead_on_a_clock_that_never_stands_still()
    {
        var watch = new PhaseWatch(TimeProvider.System, new());
        watch.Judge(ClusterPhases.Infrastructure, Plain, null);
        Assert.True(watch.Progress!.Deadline > TimeProvider.System.GetUtcNow(), $"{watch.Progress.Deadline}");
    }

    [Fact]
    public void Services_have_no_time_but_their_own()
    {
        var watch = new PhaseWatch(clock, new());
        watch.Judge(ClusterPhases.Services, Plain, null);
        clock.Advance(TimeSpan.FromDays(1));
        Assert.Null(watch.Judge(ClusterPhases.Services, Plain, null));
        Assert.Null(watch.Progress!.Deadline);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void A_jump_of_the_clock_neither_ends_a_phase_nor_keeps_it(int days)
    {
        var watch = new PhaseWatch(clock, new());
        watch.Judge(ClusterPhases.Workers, Plain, null);
        clock.Jump(TimeSpan.FromDays(days));
        Assert.Null(watch.Judge(ClusterPhases.Workers, Plain, null));
        clock.Advance(TimeSpan.FromMinutes(30));
        Assert.NotNull(watch.Judge(ClusterPhases.Workers, Plain, null));
    }

    public static TheoryData<string, int> Jumps =>
        [.. from phase in (string[])[ClusterPhases.Template, ClusterPhases.Credential, ClusterPhases.Infrastructure, ClusterPhases.ControlPlane, ClusterPhases.Workers, ClusterPhases.Services]
            from hours in (int[])[5, -5]
            select new TheoryDataRow<string, int>(phase, hours)];

    [Theory, MemberData(nameof(Jumps))]
    public void A_jump_by_hours_does_nothing_to_the_deadline_of_any_phase(string phase, int hours)
    {
        var limit = TimeSpan.FromMinutes(4);
        var watch = new PhaseWatch(clock, new() { Template = limit, Credential = limit, Infrastructure = limit, ControlPlane = limit, Workers = limit, Services = limit });
        Assert.Null(watch.Judge(phase, Plain, null));
        clock.Jump(TimeSpan.FromHours(hours));
        Assert.Null(watch.Judge(phase, Plain, null));
        clock.Advance(TimeSpan.FromMinutes(3));
        Assert.Null(watch.Judge(phase, Plain, null));
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(phase, watch.Judge(phase, Plain, null)!.Phase);
    }

    [Fact]
    public void A_restart_takes_up_the_time_and_looks_for_a_minute_first()
    {
        var began = clock.GetUtcNow() - TimeSpan.FromHours(1);
        var status = new ClusterDeploymentStatus
        {
            Progress = new() { Phase = ClusterPhases.Workers, Since = began },
            Conditions = [Condition.False(SharedConditions.Ready, Reason.Progressing, "") with { LastTransitionTime = began }],
        };
        var watch = new PhaseWatch(clock, new());
        Assert.Null(watch.Judge(ClusterPhases.Workers, Plain, status));
        Assert.Equal(began, watch.Progress!.Since);
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.NotNull(watch.Judge(ClusterPhases.Workers, Plain, status));
        Assert.Equal(began, watch.Progress.Since);
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("0s")]
    [InlineData("-5m")]
    [InlineData("")]
    public void An_annotation_that_is_no_duration_counts_as_none(string text)
    {
        var watch = new PhaseWatch(clock, new());
        watch.Judge(ClusterPhases.Template, new() { Annotations = new() { ["k0rdent.mirantis.com/deadline-template"] = text } }, null);
        Assert.Equal(clock.GetUtcNow() + TimeSpan.FromMinutes(30), watch.Progress!.Deadline);
    }
}

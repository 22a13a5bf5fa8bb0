using Fleet.ClusterManager.Metrics;
using Fleet.ClusterManager.Watching;
using Fleet.Contracts.Clusters;
using Fleet.Contracts.Conditions;
using Fleet.Kubernetes.Watching;
using Fleet.Testing.Time;

namespace Fleet.ClusterManager.Tests.Metrics;

public sealed class ClusterDurationsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private readonly ManualTimeProvider clock = new(Noon);
    private readonly List<(ClusterDuration What, double Seconds)> told = [];
    private readonly ClusterDurations durations;
    private ClusterRow? last;

    public ClusterDurationsTests() => durations = new(clock, (what, took) => told.Add((what, took.TotalSeconds)));

    [Fact]
    public void A_cluster_is_made_once_however_often_it_becomes_ready()
    {
        See(Cluster());
        clock.Advance(TimeSpan.FromSeconds(90));
        See(Cluster(ready: ConditionStatus.True));
        See(Cluster(ready: ConditionStatus.False));
        See(Cluster(ready: ConditionStatus.True));
        Assert.Equal([(ClusterDuration.Provision, 90)], told);
    }

    [Fact]
    public void A_cluster_that_was_ready_before_this_process_is_not_made_again()
    {
        See(Cluster(ready: ConditionStatus.True));
        See(Cluster(ready: ConditionStatus.False));
        See(Cluster(ready: ConditionStatus.True));
        Assert.Empty(told);
    }

    [Fact]
    public void An_upgrade_lasts_until_status_is_about_the_new_template_and_ready()
    {
        See(Cluster(ready: ConditionStatus.True));
        clock.Advance(TimeSpan.FromMinutes(1));
        See(Cluster(ready: ConditionStatus.True, template: "b", generation: 2, observed: 1));
        clock.Advance(TimeSpan.FromSeconds(5));
        See(Cluster(ready: ConditionStatus.False, template: "b", generation: 2, observed: 2));
        clock.Advance(TimeSpan.FromSeconds(295));
        See(Cluster(ready: ConditionStatus.True, template: "b", generation: 2, observed: 2));
        Assert.Equal([(ClusterDuration.Upgrade, 300)], told);
    }

    [Fact]
    public void A_cluster_that_comes_from_another_replica_meanwhile_is_told_of_by_its_owner_alone()
    {
        See(Cluster(), isOurs: false);
        clock.Advance(TimeSpan.FromSeconds(90));
        See(Cluster(ready: ConditionStatus.True));
        clock.Advance(TimeSpan.FromSeconds(10));
        See(Cluster(ready: ConditionStatus.True, template: "b", generation: 2, observed: 1));
        clock.Advance(TimeSpan.FromSeconds(30));
        See(Cluster(ready: ConditionStatus.True, template: "b", generation: 2, observed: 2), isOurs: false);
        Assert.Equal([(ClusterDuration.Provision, 90)], told);
    }

    [Fact]
    public void Another_template_before_the_first_is_ready_is_no_upgrade()
    {
        See(Cluster());
        See(Cluster(template: "b", generation: 2));
        See(Cluster(ready: ConditionStatus.True, template: "b", generation: 2, observed: 2));
        Assert.Equal([ClusterDuration.Provision], told.Select(t => t.What));
    }

    [Fact]
    public void A_deletion_counts_from_its_request_also_when_an_earlier_process_saw_it()
    {
        See(Cluster(deletion: Noon));
        clock.Advance(TimeSpan.FromSeconds(40));
        durations.On(new(InformerEventType.Deleted, last!.Key, last, default), isOurs: true);
        Assert.Equal([(ClusterDuration.Deletion, 40)], told);
    }

    [Fact]
    public void What_vanished_without_being_asked_to_has_no_duration_and_a_clock_that_is_behind_gives_none_below_zero()
    {
        See(Cluster());
        durations.On(new(InformerEventType.Deleted, last!.Key, last, default), isOurs: true);
        Assert.Empty(told);
        See(Cluster(deletion: Noon.AddSeconds(30)));
        durations.On(new(InformerEventType.Deleted, last!.Key, last, default), isOurs: true);
        Assert.Equal([(ClusterDuration.Deletion, 0)], told);
    }

    [Fact]
    public void Status_alone_asks_for_no_reconcile_and_everything_else_does()
    {
        var before = ClusterRow.Of(Cluster());
        Assert.True(ClusterRow.AskTheSame(before, ClusterRow.Of(Cluster(ready: ConditionStatus.True))));
        Assert.NotEqual(before, ClusterRow.Of(Cluster(ready: ConditionStatus.True)));
        Assert.False(ClusterRow.AskTheSame(before, ClusterRow.Of(Cluster(template: "b", generation: 2))));
        Assert.False(ClusterRow.AskTheSame(before, ClusterRow.Of(Cluster(deletion: Noon))));
    }

    [Theory]
    [InlineData(null, null, "Pending"), InlineData(ConditionStatus.True, "Succeeded", "Ready"), InlineData(ConditionStatus.False, "Progressing", "Provisioning")]
    [InlineData(ConditionStatus.False, "Failed", "Failed"), InlineData(ConditionStatus.Unknown, "Progressing", "Unknown")]
    public void Phases_follow_the_condition_Ready(ConditionStatus? ready, string? reason, string phase) =>
        Assert.Equal(phase, ClusterHealth.Of(Cluster(ready, reason)).Phase);

    [Fact]
    public void A_step_counts_from_its_own_beginning()
    {
        var cluster = Cluster(ConditionStatus.False, "Progressing");
        cluster.Status!.Progress = new() { Phase = ClusterPhases.Workers, Since = Noon.AddMinutes(7) };
        var health = ClusterHealth.Of(cluster);
        Assert.Equal((ClusterPhases.Workers, Noon.AddMinutes(7)), (health.Step, health.Since));
        Assert.Equal((0, (int?)null), (health.Value(0), health.Value(1)));
    }

    private void See(ClusterDeployment cluster, bool isOurs = true)
    {
        var row = ClusterRow.Of(cluster);
        durations.On(new(last is null ? InformerEventType.Added : InformerEventType.Updated, row.Key, row, last), isOurs);
        last = row;
    }

    private static ClusterDeployment Cluster(
        ConditionStatus? ready = null, string? reason = null, string template = "a", long generation = 1, long observed = 1, DateTimeOffset? deletion = null) => new()
    {
        Metadata = new() { Namespace = "n", Name = "c", Uid = "u", Generation = generation, CreationTimestamp = Noon, DeletionTimestamp = deletion },
        Spec = new() { Template = template },
        Status = ready is null ? null : new()
        {
            ObservedGeneration = observed,
            Conditions = [new() { Type = SharedConditions.Ready, Status = ready.Value, Reason = new(reason ?? "Progressing"), Message = "m", LastTransitionTime = Noon }],
        },
    };
}

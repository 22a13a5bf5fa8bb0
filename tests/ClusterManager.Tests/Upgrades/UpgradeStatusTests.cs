using System.Text.Json.Nodes;
using Fleet.ClusterManager.Clusters;
using Fleet.ClusterManager.Deletion;
using Fleet.ClusterManager.Upgrades;
using Fleet.Contracts;
using Fleet.Contracts.Clusters;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Services;
using Fleet.Contracts.Upgrades;
using Fleet.Helm.Errors;
using Fleet.Testing.Time;
using static Fleet.ClusterManager.Tests.Clusters.ClusterExamples;
using static Fleet.Contracts.Clusters.ClusterDeploymentConditions;

namespace Fleet.ClusterManager.Tests.Upgrades;

public class UpgradeStatusTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    private static readonly HelmException Refused = new(HelmErrorKind.ReleaseFailed, "the provider refuses it");

    [Fact]
    public void The_first_installation_becomes_what_is_good_when_all_machines_are_there()
    {
        var installing = Of(Facts(), new() { ReleaseChanged = true }, null);
        Assert.Equal((UpgradePhases.ControlPlane, "aws-1", null), (installing!.Phase, installing.Template, installing.LastGood?.Template));
        Assert.DoesNotContain(UpgradeConditionsFrom.All(Facts(), AllWell, installing), condition => condition.Type == Upgrading);

        var facts = Installed(With(installing));
        var done = Of(facts, new() { Rollout = new() { Phase = UpgradePhases.Completed } }, installing);
        Assert.Equal((UpgradePhases.Completed, "aws-1"), (done!.Phase, done.LastGood!.Template));
    }

    [Fact]
    public void A_change_starts_a_rollout_that_is_followed_by_phase()
    {
        var facts = Installed(With(Good(), cluster => cluster.Spec.Template = "aws-2"));
        var started = Of(facts, new() { ReleaseChanged = true, Rollout = Rolling(1) }, Good());
        Assert.Equal((UpgradePhases.ControlPlane, "aws-2", "aws-1", "aws-1"), (started!.Phase, started.Template, started.PreviousTemplate, started.LastGood!.Template));
        var condition = Assert.Single(UpgradeConditionsFrom.All(facts, new() { Rollout = Rolling(1) }, started));
        Assert.Equal((Upgrading, ConditionStatus.True, "ControlPlane", "control plane: 1/3"), (condition.Type, condition.Status, condition.Reason.Value, condition.Message));
    }

    [Fact]
    public void The_deadline_counts_from_the_last_machine_that_became_as_wanted()
    {
        var facts = Installed(With(Good(), cluster => cluster.Spec.Template = "aws-2"));
        var started = Of(facts, new() { ReleaseChanged = true, Rollout = Rolling(0) }, Good())!;
        var moved = Of(Again(facts, started), new() { Rollout = Rolling(1) }, started, Noon + TimeSpan.FromMinutes(29))!;
        Assert.Equal(UpgradePhases.ControlPlane, Of(Again(facts, moved), new() { Rollout = Rolling(1) }, moved, Noon + TimeSpan.FromMinutes(58))!.Phase);
        var late = Of(Again(facts, moved), new() { Rollout = Rolling(1) }, moved, Noon + TimeSpan.FromMinutes(59))!;
        Assert.Equal((UpgradePhases.Failed, null), (late.Phase, late.Rollback));
        Assert.Equal(DeadlineExceeded, Assert.Single(UpgradeConditionsFrom.All(facts, new() { Rollout = Rolling(1) }, late)).Reason);
    }

    [Fact]
    public void A_late_upgrade_is_rolled_back_when_that_is_asked_for()
    {
        var facts = Installed(With(Good(), cluster =>
        {
            cluster.Spec.Template = "aws-2";
            cluster.Metadata.Annotations = new() { [FleetAnnotations.UpgradeRollback] = "true", [FleetAnnotations.UpgradeDeadline] = "1m" };
        }));
        var started = Of(facts, new() { ReleaseChanged = true, Rollout = Rolling(0) }, Good())!;
        var late = Of(Again(facts, started), new() { Rollout = Rolling(0) }, started, Noon + TimeSpan.FromMinutes(1))!;
        Assert.Equal((3L, "aws-2", "DeadlineExceeded"), (late.Rollback!.Generation, late.Rollback.Template, late.Rollback.Reason));

        var decided = Again(facts, late).Object;
        var effective = EffectiveSpec.Of(decided);
        Assert.Equal(("aws-1", 2), (effective.Spec.Template, (int?)effective.Spec.Config?["workersNumber"]));
        // The user's own object is as it was.
        Assert.Equal("aws-2", decided.Spec.Template);
        var rolledBack = Facts(effective);
        var condition = Assert.Single(UpgradeConditionsFrom.All(Installed(rolledBack), AllWell, late with { Phase = UpgradePhases.Completed }));
        Assert.Equal((RolledBack, ConditionStatus.True), (condition.Type, condition.Status));

        decided.Metadata.Generation = 4;
        Assert.Same(decided, EffectiveSpec.Of(decided));
        decided.Metadata.Generation = 3;
        decided.Metadata.Annotations = null;
        Assert.Same(decided, EffectiveSpec.Of(decided));
    }

    [Theory]
    [InlineData(6)]
    [InlineData(-6)]
    public void A_clock_that_jumps_rolls_nothing_back_and_keeps_nothing_from_it(int hours)
    {
        var facts = Installed(With(Good(), cluster => cluster.Metadata.Annotations = new() { [FleetAnnotations.UpgradeRollback] = "true", [FleetAnnotations.UpgradeDeadline] = "1m" }));
        facts.Object.Spec.Template = "aws-2";
        facts = Installed(facts);
        var started = Of(facts, new() { ReleaseChanged = true, Rollout = Rolling(0) }, Good())!;
        clock.Jump(TimeSpan.FromHours(hours));
        Assert.Null(Of(Again(facts, started), new() { Rollout = Rolling(0) }, started)!.Rollback);
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.NotNull(Of(Again(facts, started), new() { Rollout = Rolling(0) }, started)!.Rollback);
    }

    [Fact]
    public void A_failure_of_helm_leads_back_too_but_not_one_that_has_changed_nothing()
    {
        var facts = Installed(With(Good(), cluster =>
        {
            cluster.Spec.Template = "aws-2";
            cluster.Metadata.Annotations = new() { [FleetAnnotations.UpgradeRollback] = "true" };
        })) with { Release = new(2, "failed", "new") };
        Assert.Equal("HelmFailed", Of(facts, new() { ReleaseFailure = Refused }, Good())!.Rollback!.Reason);
        Assert.Null(Of(facts, new() { ReleaseFailure = new(HelmErrorKind.ValuesInvalid, "x") }, Good())!.Rollback);
        Assert.Null(Of(facts, new() { ReleaseFailure = new(HelmErrorKind.ClusterUnreachable, "x") }, Good())!.Rollback);
        facts.Object.Metadata.Annotations = null;
        Assert.Null(Of(facts, new() { ReleaseFailure = Refused }, Good())!.Rollback);
    }

    [Fact]
    public void What_failed_at_its_first_installation_has_nowhere_to_go_back_to()
    {
        var facts = Facts(Cluster(cluster => cluster.Metadata.Annotations = new() { [FleetAnnotations.UpgradeRollback] = "true" }));
        Assert.Null(Of(facts, new() { ReleaseFailure = Refused }, null)?.Rollback);
    }

    [Fact]
    public void A_held_upgrade_names_its_rule_and_is_not_ready()
    {
        var facts = Installed(With(Good(), cluster => cluster.Spec.Template = "aws-2"));
        var plan = ClusterPlanner.Plan(facts, Options, Noon) with { Release = ReleaseStep.Upgrade };
        var results = AllWell with { HeldBy = new(PlanRules.ControlPlaneSkipsMinor, "one at a time") };
        var conditions = ClusterConditionsFrom.All(facts, plan, results, Good(), Noon, new(new Testing.Time.ManualTimeProvider(Noon), new()));
        var held = conditions.Single(condition => condition.Type == Upgrading);
        Assert.Equal((ConditionStatus.False, PlanRules.ControlPlaneSkipsMinor), (held.Status, held.Reason.Value));
        Assert.Equal(ConditionStatus.False, conditions.Single(condition => condition.Type == HelmReleaseReady).Status);
        Assert.Contains("one at a time", conditions.Single(condition => condition.Type == SharedConditions.Ready).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_paused_cluster_is_left_alone_and_says_how_it_is()
    {
        var facts = Installed(Facts(Cluster(cluster => cluster.Metadata.Annotations = new() { [FleetAnnotations.Paused] = "" })));
        var steady = ClusterPlanner.Plan(facts, Options, Noon);
        Assert.Equal(ReleaseStep.Keep, steady.Release);
        var conditions = ClusterConditionsFrom.All(facts, steady, AllWell, null, Noon, new(new Testing.Time.ManualTimeProvider(Noon), new()));
        Assert.Equal(ConditionStatus.True, conditions.Single(condition => condition.Type == SharedConditions.Paused).Status);
        Assert.Equal(ConditionStatus.True, conditions.Single(condition => condition.Type == SharedConditions.Ready).Status);

        facts.Object.Spec.Config = new JsonObject { ["workersNumber"] = 9 };
        facts.Object.Spec.ServiceSpec = new() { Services = [Service("nginx")] };
        var changed = ClusterPlanner.Plan(facts, Options, Noon);
        Assert.Equal((ReleaseStep.Pause, null, false), (changed.Release, changed.ServiceSet, changed.LabelAgain));
        Assert.Equal(Reason.Paused, ClusterConditionsFrom.All(facts, changed, AllWell, null, Noon, new(new Testing.Time.ManualTimeProvider(Noon), new())).Single(condition => condition.Type == HelmReleaseReady).Reason);

        facts.Object.Metadata.Annotations![FleetAnnotations.Paused] = "false";
        Assert.Equal(ReleaseStep.Upgrade, ClusterPlanner.Plan(facts, Options, Noon).Release);
    }

    [Fact]
    public void Services_rest_and_go_on_with_the_cluster_but_a_pause_of_their_own_stays()
    {
        var set = Set("web", ("nginx", "Deployed"));
        var paused = Facts(Cluster(cluster => cluster.Metadata.Annotations = new() { [FleetAnnotations.Paused] = "" })) with { ServiceSets = [set] };
        Assert.Single(ClusterPlanner.Plan(paused, Options, Noon).PauseServices);
        set.Metadata.Annotations = new() { [FleetLabels.ServiceSetPaused] = "true" };
        Assert.Empty(ClusterPlanner.Plan(paused, Options, Noon).PauseServices);
        Assert.Empty(ClusterPlanner.Plan(Facts() with { ServiceSets = [set] }, Options, Noon).PauseServices);
        set.Metadata.Annotations[FleetAnnotations.PausedWithCluster] = "true";
        Assert.Single(ClusterPlanner.Plan(Facts() with { ServiceSets = [set] }, Options, Noon).PauseServices);
    }

    [Fact]
    public void A_cluster_that_another_tool_has_paused_is_left_alone()
    {
        var facts = Facts() with { Capi = ReadyCapi with { IsPaused = true }, Release = new(1, "deployed", "old") };
        Assert.Equal(ReleaseStep.Pause, ClusterPlanner.Plan(facts, Options, Noon).Release);
        Assert.Equal(CapiClusterPaused, UpgradeConditionsFrom.Paused(facts)!.Reason);
    }

    [Fact]
    public void A_cluster_that_another_management_cluster_looks_after_is_left_alone_and_its_services_go_on_looking()
    {
        var set = Set("web", ("nginx", "Deployed"));
        set.Status!.Conditions = [Condition.False(ServiceSetConditions.StatusesCollected, ServiceSetConditions.Fenced, "another one has it")];
        var facts = Facts() with { ServiceSets = [set], Release = new(1, "deployed", "old") };
        var plan = ClusterPlanner.Plan(facts, Options, Noon);
        Assert.Equal(ReleaseStep.Pause, plan.Release);
        Assert.Empty(plan.PauseServices);
        Assert.Equal((ServiceSetConditions.Fenced, "Nothing is written to the cluster or its release: another one has it"), (UpgradeConditionsFrom.Paused(facts)!.Reason, UpgradeConditionsFrom.Paused(facts)!.Message));
        Assert.Equal("another one has it", DeletionHold.Protection(facts.Object, facts.ServiceSets)!.Message);
        set.Status.Conditions = [Condition.False(ServiceSetConditions.StatusesCollected, Reason.Failed, "away")];
        Assert.Equal(ReleaseStep.Upgrade, ClusterPlanner.Plan(facts, Options, Noon).Release);
        Assert.Null(DeletionHold.Protection(facts.Object, facts.ServiceSets));
    }

    private readonly ManualTimeProvider clock = new(Noon);
    private UpgradeWatch? watch;

    private ClusterUpgradeStatus? Of(ClusterFacts facts, ClusterResults results, ClusterUpgradeStatus? seen, DateTimeOffset? now = null)
    {
        watch ??= new(clock);
        facts.Object.Status = new() { Upgrade = seen };
        if (now > clock.GetUtcNow())
            clock.Advance(now.Value - clock.GetUtcNow());
        return UpgradeStatusFrom.Of(facts, ClusterPlanner.Plan(facts, Options, Noon), results, clock.GetUtcNow(), Patience, watch);
    }

    private static ClusterUpgradeStatus Good() => new()
    {
        Phase = UpgradePhases.Completed, Template = "aws-1", Fingerprint = "old",
        LastGood = new() { Template = "aws-1", Config = new JsonObject { ["workersNumber"] = 2 } },
    };

    private static ClusterFacts With(ClusterUpgradeStatus status, Action<ClusterDeployment>? change = null) => Facts(Cluster(cluster =>
    {
        cluster.Status = new() { Upgrade = status };
        change?.Invoke(cluster);
    }));

    private static ClusterFacts Again(ClusterFacts facts, ClusterUpgradeStatus status)
    {
        facts.Object.Status = new() { Upgrade = status };
        return facts;
    }

    private static RolloutPlan Rolling(int updated) => new()
    {
        Phase = UpgradePhases.ControlPlane, ControlPlane = new() { Version = "v1.34.0", Updated = updated, Total = 3 }, Waits = $"control plane: {updated}/3",
    };
}

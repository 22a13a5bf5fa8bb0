using Fleet.ClusterManager.Capi;
using Fleet.ClusterManager.Deletion;
using Fleet.ClusterManager.Phases;
using Fleet.ClusterManager.Tests.Clusters;
using Fleet.Contracts;
using Fleet.Contracts.Clusters;

namespace Fleet.ClusterManager.Tests.Deletion;

public class DeletionPlannerTests
{
    private static readonly DeletionOptions Options = new();

    private static readonly DeletionFacts Nothing = new() { Object = ClusterExamples.Cluster() };

    private static readonly CapiCluster Leaving = ClusterExamples.ReadyCapi with { BeingDeleted = true, Machines = ["m1", "m2"] };

    private static readonly DeletionFacts Everything = Nothing with
    {
        ServiceSets = [ClusterExamples.Set("web", ("nginx", "Deployed"))],
        Release = new(1, "deployed", null),
        Capi = ClusterExamples.ReadyCapi,
    };

    private static DeletionStep Next(DeletionFacts facts) => DeletionPlanner.Next(facts, new(Options, facts.Object.Metadata));

    private static DeletionFacts After(DeletionFacts facts, DeletionPhase phase, TimeSpan time) =>
        facts with { Waited = new PhaseWait(phase.ToString(), TimeSpan.Zero, time) };

    private static ServiceSet Deleted(ServiceSet set, bool orphan = false)
    {
        set.Metadata.DeletionTimestamp = ClusterExamples.Noon;
        if (orphan)
            set.Metadata.Annotations = new() { [FleetAnnotations.DeletionPolicy] = "Orphan" };
        return set;
    }

    [Fact]
    public void Services_go_first()
    {
        Assert.Equal(DeletionAction.DeleteServiceSets, Next(Everything).Action);
        var set = Deleted(ClusterExamples.Set("web", ("nginx", "Deployed")));
        set.Status!.Services![0].FailureMessage = "hook failed";
        var step = Next(Everything with { ServiceSets = [set] });
        Assert.Equal(
            (DeletionAction.Wait, "WaitingForServiceSetsDeletion", "ServiceSet org/web: service apps/nginx is Deployed: hook failed"),
            (step.Action, step.Reason.Value, step.Message));
        Assert.Equal(new DeletionBlocker { Kind = "ServiceSet", Namespace = "org", Name = "web", Reason = "service apps/nginx is Deployed: hook failed" }, Assert.Single(step.Blockers));
    }

    [Theory]
    [InlineData("deployed")]
    [InlineData("failed")]
    [InlineData("pending-install")]
    [InlineData("uninstalling")]
    public void Then_the_release_in_whatever_state_it_is(string status)
    {
        var step = Next(Nothing with { Release = new(1, status, null), Capi = Leaving });
        Assert.Equal((DeletionPhase.Release, DeletionAction.UninstallRelease, "WaitingForHelmReleaseDeletion"), (step.Phase, step.Action, step.Reason.Value));
    }

    [Fact]
    public void Then_the_cluster_with_its_machines_named()
    {
        var step = Next(Nothing with { Capi = Leaving });
        Assert.Equal(
            (DeletionAction.Wait, "WaitingForClusterDeletion", "Cluster org/web: 2 Machines left (m1, m2)"),
            (step.Action, step.Reason.Value, step.Message));
        Assert.Equal(["Machine m1", "Machine m2"], step.Blockers.Select(blocker => $"{blocker.Kind} {blocker.Name}"));
    }

    [Fact]
    public void A_cluster_that_nobody_deletes_is_deleted() =>
        Assert.Equal(DeletionAction.DeleteCapiCluster, Next(Nothing with { Capi = ClusterExamples.ReadyCapi }).Action);

    [Fact]
    public void The_infrastructure_is_let_go_when_no_machine_is_left()
    {
        var held = new CapiReference(new("g", "v1", "AWSCluster", "awsclusters", true), new("org", "web"), []);
        Assert.Equal(DeletionAction.Wait, Next(Nothing with { Capi = Leaving with { HeldInfrastructure = held } }).Action);
        var empty = Leaving with { HeldInfrastructure = held, Machines = [], Blockers = [new("AWSCluster", new("org", "web"), "VPC in use")] };
        var step = Next(Nothing with { Capi = empty });
        Assert.Equal((DeletionAction.ReleaseInfrastructure, "Cluster org/web: AWSCluster web: VPC in use"), (step.Action, step.Message));
    }

    [Fact]
    public void The_data_source_goes_after_the_cluster()
    {
        Assert.Equal(DeletionPhase.Cluster, Next(Nothing with { Capi = Leaving, DataSource = new(false, null) }).Phase);
        Assert.Equal(DeletionAction.DeleteDataSource, Next(Nothing with { DataSource = new(false, null) }).Action);
        var step = Next(Nothing with { DataSource = new(true, "database is read-only") });
        Assert.Equal((DeletionAction.Wait, "WaitingForClusterDataSourceDeletion", "ClusterDataSource org/web says: database is read-only"), (step.Action, step.Reason.Value, step.Message));
    }

    [Fact]
    public void When_all_is_gone_the_object_may_go()
    {
        Assert.Equal(DeletionAction.RemoveFinalizer, Next(Nothing).Action);
        Assert.Equal(DeletionAction.RemoveFinalizer, Next(Nothing with { Release = new(2, "uninstalled", null) }).Action);
    }

    [Fact]
    public void What_is_held_is_not_touched()
    {
        var step = Next(Everything with { Hold = new(ClusterDeploymentConditions.DeletionProtected, "protected") });
        Assert.Equal((DeletionPhase.Held, DeletionAction.Wait, "protected", false), (step.Phase, step.Action, step.Message, step.IsOverdue));
    }

    [Fact]
    public void Services_that_cannot_be_removed_are_left_where_they_are_when_the_time_is_over()
    {
        var set = Deleted(ClusterExamples.Set("web", ("nginx", "Deleting")));
        var facts = Everything with { ServiceSets = [set] };
        Assert.Equal(DeletionAction.Wait, Next(After(facts, DeletionPhase.Services, Options.Services - TimeSpan.FromSeconds(1))).Action);
        var late = Next(After(facts, DeletionPhase.Services, Options.Services));
        Assert.Equal(DeletionAction.ForgetServiceSets, late.Action);
        Assert.Equal(DeletionPhase.Services, Assert.Single(late.Abandoned).Phase);

        // Who removes services may be away himself: then the set is let go.
        var forgotten = facts with { ServiceSets = [Deleted(ClusterExamples.Set("web"), orphan: true)], Skipped = new HashSet<DeletionPhase> { DeletionPhase.Services } };
        Assert.Equal(DeletionAction.Wait, Next(After(forgotten, DeletionPhase.Services, Options.Services)).Action);
        Assert.Equal(DeletionAction.ReleaseServiceSets, Next(After(forgotten, DeletionPhase.Services, Options.Services + Options.ForceGrace)).Action);
    }

    [Fact]
    public void The_time_of_another_phase_does_not_count() =>
        Assert.Equal(DeletionAction.DeleteServiceSets, Next(After(Everything, DeletionPhase.Held, TimeSpan.FromDays(1))).Action);

    [Fact]
    public void An_annotation_sets_the_time()
    {
        var cluster = ClusterExamples.Cluster(c => c.Metadata.Annotations = new() { ["k0rdent.mirantis.com/deadline-deletion-cluster"] = "90s" });
        var facts = Nothing with { Object = cluster, Capi = Leaving };
        Assert.False(Next(After(facts, DeletionPhase.Cluster, TimeSpan.FromSeconds(89))).IsOverdue);
        Assert.True(Next(After(facts, DeletionPhase.Cluster, TimeSpan.FromSeconds(90))).IsOverdue);
    }

    [Fact]
    public void A_provider_that_takes_too_long_is_overdue_and_still_waited_for()
    {
        var step = Next(After(Nothing with { Capi = Leaving }, DeletionPhase.Cluster, Options.Cluster));
        Assert.Equal((DeletionAction.Wait, true), (step.Action, step.IsOverdue));
    }

    [Fact]
    public void After_a_restart_nothing_is_overdue_before_somebody_has_looked_for_a_while()
    {
        var facts = Nothing with { Capi = Leaving };
        Assert.False(Next(facts with { Waited = new("Cluster", TimeSpan.FromDays(1), TimeSpan.FromSeconds(59)) }).IsOverdue);
        Assert.True(Next(facts with { Waited = new("Cluster", TimeSpan.FromDays(1), TimeSpan.FromSeconds(60)) }).IsOverdue);
    }

    public class Cleanup
    {
        private static readonly Leftover Balancer = new(new("", "v1", "Service", "services", true), new("shop", "front"), "1", false, null);

        private static readonly DeletionFacts Asked = Everything with
        {
            Object = ClusterExamples.Cluster(c => c.Spec.CleanupOnDeletion = true), ServiceSets = [], Leftovers = new([Balancer]),
        };

        [Fact]
        public void Leftovers_are_deleted_and_waited_for_before_the_release_goes()
        {
            var step = Next(Asked);
            Assert.Equal((DeletionPhase.Workloads, DeletionAction.DeleteLeftovers, "WaitingForCloudResourcesDeletion"), (step.Phase, step.Action, step.Reason.Value));
            step = Next(Asked with { Leftovers = new([Balancer with { BeingDeleted = true, Why = "is being deleted, held by lb" }]) });
            Assert.Equal((DeletionAction.Wait, "Service shop/front: is being deleted, held by lb"), (step.Action, step.Message));
            Assert.Equal(DeletionPhase.Release, Next(Asked with { Leftovers = new([]) }).Phase);
        }

        [Fact]
        public void A_cluster_that_does_not_answer_is_said_so_and_left_when_the_time_is_over()
        {
            var facts = Asked with { Leftovers = new([], "connection refused") };
            var step = Next(facts);
            Assert.Equal((DeletionAction.Wait, "Cluster org/web: its leftovers cannot be seen: connection refused"), (step.Action, step.Message));
            step = Next(After(facts, DeletionPhase.Workloads, Options.Workloads));
            Assert.Equal((DeletionPhase.Release, DeletionPhase.Workloads), (step.Phase, Assert.Single(step.Abandoned).Phase));
        }

        [Fact]
        public void Nobody_looks_when_it_was_not_asked_for_or_the_cluster_stays()
        {
            Assert.True(DeletionPlanner.WantsCleanup(Asked));
            Assert.False(DeletionPlanner.WantsCleanup(Asked with { Object = ClusterExamples.Cluster() }));
            Assert.False(DeletionPlanner.WantsCleanup(Asked with { Capi = null }));
            Assert.False(DeletionPlanner.WantsCleanup(Asked with { Policy = DeletionPolicy.Orphan }));
            Assert.False(DeletionPlanner.WantsCleanup(Asked with { Policy = DeletionPolicy.Force }));
            Assert.False(DeletionPlanner.WantsCleanup(Asked with { Capi = Leaving }));
        }
    }

    public class Orphan
    {
        private static readonly DeletionFacts Asked = Everything with { Policy = DeletionPolicy.Orphan };

        [Fact]
        public void Services_release_and_cluster_stay()
        {
            var step = Next(Asked);
            Assert.Equal(DeletionAction.ForgetServiceSets, step.Action);
            Assert.Empty(step.Abandoned);
            step = Next(Asked with { ServiceSets = [] });
            Assert.Equal(DeletionAction.OrphanRelease, step.Action);
            step = Next(Asked with { ServiceSets = [], Release = new(1, "deployed", null) { Owner = "orphaned" } });
            Assert.Equal(DeletionAction.RemoveFinalizer, step.Action);
        }
    }

    public class Force
    {
        private static readonly DeletionFacts Asked = Everything with { Policy = DeletionPolicy.Force };

        [Fact]
        public void Services_are_not_waited_for_and_that_is_told()
        {
            var step = Next(Asked);
            Assert.Equal((DeletionAction.ForgetServiceSets, DeletionPhase.Services), (step.Action, Assert.Single(step.Abandoned).Phase));
        }

        [Fact]
        public void A_release_that_cannot_be_uninstalled_is_dropped()
        {
            var facts = Asked with { ServiceSets = [] };
            Assert.Equal(DeletionAction.UninstallRelease, Next(facts).Action);
            Assert.Equal(DeletionAction.DropRelease, Next(After(facts, DeletionPhase.Release, Options.ForceGrace)).Action);
        }

        [Fact]
        public void Infrastructure_that_does_not_go_is_left_behind_and_named()
        {
            var facts = Nothing with { Policy = DeletionPolicy.Force, Capi = Leaving };
            Assert.Equal(DeletionAction.Wait, Next(facts).Action);
            var step = Next(After(facts, DeletionPhase.Cluster, Options.ForceGrace));
            Assert.Equal(DeletionAction.AbandonInfrastructure, step.Action);
            Assert.Contains("m1, m2", Assert.Single(step.Abandoned).Message, StringComparison.Ordinal);
        }

        [Fact]
        public void A_database_that_cannot_be_dropped_is_left_behind_and_named()
        {
            var facts = Nothing with { Policy = DeletionPolicy.Force, DataSource = new(true, "db:5432: refused", "u", "org_web_x", "pg") };
            Assert.Equal(DeletionAction.Wait, Next(facts).Action);
            Assert.Equal(DeletionAction.Wait, Next(After(facts with { Policy = DeletionPolicy.Delete }, DeletionPhase.DataSource, TimeSpan.FromHours(9))).Action);
            var step = Next(After(facts, DeletionPhase.DataSource, Options.ForceGrace));
            Assert.Equal(
                (DeletionAction.AbandonDataSource, "database org_web_x of DataSource org/pg was left behind: db:5432: refused"), (step.Action, Assert.Single(step.Abandoned).Message));
        }
    }

    [Theory]
    [InlineData(null, DeletionPolicy.Delete)]
    [InlineData("Orphan", DeletionPolicy.Orphan)]
    [InlineData("force", DeletionPolicy.Force)]
    [InlineData("orphn", DeletionPolicy.Delete)]
    [InlineData("7", DeletionPolicy.Delete)]
    [InlineData("", DeletionPolicy.Delete)]
    internal void A_policy_that_is_not_known_leaves_nothing_behind(string? annotation, DeletionPolicy expected) =>
        Assert.Equal(expected, DeletionPolicies.Of(ClusterExamples.Cluster(c =>
            c.Metadata.Annotations = annotation is null ? null : new() { [FleetAnnotations.DeletionPolicy] = annotation })));
}

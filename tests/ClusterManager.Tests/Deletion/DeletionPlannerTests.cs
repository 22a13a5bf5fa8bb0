using Fleet.ClusterManager.Capi;
using Fleet.ClusterManager.Deletion;
using Fleet.ClusterManager.Tests.Clusters;
using Fleet.Contracts.Conditions;

namespace Fleet.ClusterManager.Tests.Deletion;

public class DeletionPlannerTests
{
    private static readonly DeletionFacts Nothing = new() { Object = ClusterExamples.Cluster() };

    private static readonly CapiCluster Leaving = ClusterExamples.ReadyCapi with { BeingDeleted = true, Machines = ["m1", "m2"] };

    [Fact]
    public void Services_go_first()
    {
        var set = ClusterExamples.Set("web", ("nginx", "Deployed"));
        var facts = Nothing with { ServiceSets = [set], Release = new(1, "deployed", null), Capi = Leaving };
        Assert.Equal(DeletionAction.DeleteServiceSets, DeletionPlanner.Next(facts).Action);
        set.Metadata.DeletionTimestamp = ClusterExamples.Noon;
        set.Status!.Services![0].FailureMessage = "hook failed";
        var step = DeletionPlanner.Next(facts);
        Assert.Equal(
            (DeletionAction.WaitForServiceSets, "WaitingForServiceSetsDeletion", "ServiceSet org/web: service apps/nginx is Deployed: hook failed"),
            (step.Action, step.Reason.Value, step.Message));
    }

    [Theory]
    [InlineData("deployed")]
    [InlineData("failed")]
    [InlineData("pending-install")]
    [InlineData("uninstalling")]
    public void Then_the_release_in_whatever_state_it_is(string status)
    {
        var step = DeletionPlanner.Next(Nothing with { Release = new(1, status, null), Capi = Leaving });
        Assert.Equal((DeletionAction.UninstallRelease, "WaitingForHelmReleaseDeletion"), (step.Action, step.Reason.Value));
    }

    [Fact]
    public void Then_the_cluster_with_its_machines_named()
    {
        var step = DeletionPlanner.Next(Nothing with { Capi = Leaving });
        Assert.Equal(
            (DeletionAction.WaitForCapiCluster, "WaitingForClusterDeletion", "Cluster org/web: 2 Machines left (m1, m2)"),
            (step.Action, step.Reason.Value, step.Message));
    }

    [Fact]
    public void A_cluster_that_nobody_deletes_is_deleted() =>
        Assert.Equal(DeletionAction.DeleteCapiCluster, DeletionPlanner.Next(Nothing with { Capi = ClusterExamples.ReadyCapi }).Action);

    [Fact]
    public void The_infrastructure_is_let_go_when_no_machine_is_left()
    {
        var held = new CapiReference(new("g", "v1", "AWSCluster", "awsclusters", true), new("org", "web"), []);
        Assert.Equal(DeletionAction.WaitForCapiCluster, DeletionPlanner.Next(Nothing with { Capi = Leaving with { HeldInfrastructure = held } }).Action);
        var empty = Leaving with { HeldInfrastructure = held, Machines = [], Blockers = [new("AWSCluster", "web", "VPC in use")] };
        var step = DeletionPlanner.Next(Nothing with { Capi = empty });
        Assert.Equal((DeletionAction.ReleaseInfrastructure, "Cluster org/web: AWSCluster web: VPC in use"), (step.Action, step.Message));
    }

    [Fact]
    public void When_all_is_gone_the_object_may_go()
    {
        Assert.Equal(DeletionAction.RemoveFinalizer, DeletionPlanner.Next(Nothing).Action);
        Assert.Equal(DeletionAction.RemoveFinalizer, DeletionPlanner.Next(Nothing with { Release = new(2, "uninstalled", null) }).Action);
    }

    [Fact]
    public void Ready_says_what_is_waited_for()
    {
        var step = DeletionPlanner.Next(Nothing with { Capi = Leaving });
        var conditions = DeletionStatusFrom.Conditions(Nothing, step, null);
        var ready = conditions.Single(condition => condition.Type == SharedConditions.Ready);
        Assert.Equal((ConditionStatus.False, Reason.Deleting, step.Message), (ready.Status, ready.Reason, ready.Message));
    }
}

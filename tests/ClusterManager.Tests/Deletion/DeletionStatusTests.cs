using Fleet.ClusterManager.Deletion;
using Fleet.ClusterManager.Tests.Clusters;
using Fleet.Contracts.Clusters;
using Fleet.Contracts.Conditions;

namespace Fleet.ClusterManager.Tests.Deletion;

public class DeletionStatusTests
{
    private static readonly DeletionFacts Facts = new()
    {
        Object = ClusterExamples.Cluster(), Capi = ClusterExamples.ReadyCapi with { BeingDeleted = true, Machines = ["m1"] },
    };

    private static readonly DeletionStep Step = new(DeletionPhase.Cluster, DeletionAction.Wait, ClusterDeploymentConditions.WaitingForClusterDeletion, "1 Machine left")
    {
        Blockers = [new() { Kind = "Machine", Namespace = "org", Name = "m1" }],
    };

    private static readonly DeletionProgress Progress = new(ClusterExamples.Noon, TimeSpan.FromMinutes(30), new HashSet<DeletionPhase>());

    private static ConditionSet Conditions(DeletionFacts facts, DeletionStep step, DeletionProgress? progress = null, string? failure = null) =>
        new(DeletionStatusFrom.Conditions(facts, step, progress ?? Progress, failure));

    [Fact]
    public void Ready_says_what_is_waited_for()
    {
        var ready = Conditions(Facts, Step).Find(SharedConditions.Ready)!;
        Assert.Equal((ConditionStatus.False, Reason.Deleting, "1 Machine left"), (ready.Status, ready.Reason, ready.Message));
    }

    [Fact]
    public void Ready_has_failed_when_it_takes_too_long()
    {
        var ready = Conditions(Facts, Step with { IsOverdue = true }).Find(SharedConditions.Ready)!;
        Assert.Equal((ConditionStatus.False, Reason.Failed, "longer than 30 min, and still tried: 1 Machine left"), (ready.Status, ready.Reason, ready.Message));
    }

    [Fact]
    public void Status_names_phase_times_and_blockers()
    {
        var deletion = DeletionStatusFrom.Status(Facts, Step, Progress, null).Deletion!;
        Assert.Equal(("Cluster", ClusterExamples.Noon, ClusterExamples.Noon.AddMinutes(30), "Delete"), (deletion.Phase, deletion.Since, deletion.Deadline, deletion.Policy));
        Assert.Equal(("Machine", "m1"), (Assert.Single(deletion.Blockers!).Kind, deletion.Blockers![0].Name));
        Assert.Null(deletion.Skipped);
    }

    [Fact]
    public void A_failed_step_is_the_reason_of_its_blocker()
    {
        var step = new DeletionStep(DeletionPhase.Release, DeletionAction.UninstallRelease, ClusterDeploymentConditions.WaitingForHelmReleaseDeletion, "uninstalling")
        {
            Blockers = [new() { Kind = "HelmRelease", Namespace = "org", Name = "web" }],
        };
        Assert.Equal("hook failed", DeletionStatusFrom.Status(Facts, step, Progress, "hook failed").Deletion!.Blockers![0].Reason);
        Assert.Equal("uninstalling: hook failed", Conditions(Facts, step, failure: "hook failed").Find(SharedConditions.Deleting)!.Message);
    }

    [Fact]
    public void Cloud_resources_that_were_left_behind_are_told_to_the_end()
    {
        var facts = Facts with { Object = ClusterExamples.Cluster(c => c.Spec.CleanupOnDeletion = true) };
        var skipped = Progress with { Skipped = new HashSet<DeletionPhase> { DeletionPhase.Workloads } };
        var first = Conditions(facts, Step with { Abandoned = [new(DeletionPhase.Workloads, "left behind in the cloud: Service shop/front")] }, skipped);
        facts.Object.Status = new() { Conditions = [.. first] };
        var later = Conditions(facts, Step, skipped).Find(ClusterDeploymentConditions.CloudResourcesDeleted)!;
        Assert.Equal((ConditionStatus.False, "left behind in the cloud: Service shop/front"), (later.Status, later.Message));
        Assert.Equal(ConditionStatus.True, Conditions(facts, Step).Find(ClusterDeploymentConditions.CloudResourcesDeleted)!.Status);
        Assert.Null(Conditions(Facts, Step).Find(ClusterDeploymentConditions.CloudResourcesDeleted));
    }
}

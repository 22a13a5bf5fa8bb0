using Fleet.ClusterManager.Clusters;
using Fleet.Contracts.Clusters;
using Fleet.Contracts.Conditions;
using static Fleet.ClusterManager.Tests.Clusters.ClusterExamples;

namespace Fleet.ClusterManager.Tests.Clusters;

public class ClusterRecreationTests
{
    private static ClusterFacts Gone(Condition? before, int machines = 0)
    {
        var cluster = Cluster(c => c.Status = before is null ? null : new() { Conditions = [before with { LastTransitionTime = Noon }] });
        return Installed(Facts(cluster)) with { Capi = null, MachinesLeft = machines };
    }

    private static Condition Summary(ConditionStatus status, Reason reason) =>
        new() { Type = ClusterDeploymentConditions.CapiClusterSummary, Status = status, Reason = reason };

    private static readonly Condition Missing = Summary(ConditionStatus.False, ClusterDeploymentConditions.CapiClusterMissing);

    [Theory]
    [InlineData(29, false)]
    [InlineData(30, true)]
    // The clock was set back.
    [InlineData(-3600, true)]
    public void A_cluster_that_somebody_deleted_is_made_again_after_a_while(int seconds, bool again)
    {
        var plan = ClusterPlanner.Plan(Gone(Missing), Options, Noon.AddSeconds(seconds));
        Assert.Equal((again ? ReleaseStep.Upgrade : ReleaseStep.Keep, again), (plan.Release, plan.IsRecreation));
    }

    [Fact]
    public void While_machines_are_left_nothing_is_mixed_with_them() =>
        Assert.False(ClusterPlanner.Plan(Gone(Missing, machines: 1), Options, Noon.AddHours(1)).IsRecreation);

    [Fact]
    public void A_cluster_that_has_not_come_yet_is_not_missing()
    {
        foreach (var before in (Condition?[])[null, Summary(ConditionStatus.Unknown, Reason.Progressing)])
        {
            var facts = Gone(before);
            Assert.False(ClusterRecreation.WasThere(facts));
            Assert.False(ClusterPlanner.Plan(facts, Options, Noon.AddHours(1)).IsRecreation);
        }
    }

    [Fact]
    public void One_that_was_paused_when_it_went_may_have_been_moved()
    {
        var facts = Gone(Summary(ConditionStatus.True, Reason.Succeeded));
        facts.Object.Status!.Conditions!.Add(Condition.True(SharedConditions.Paused, Reason.Paused));
        var condition = new ConditionSet(ClusterConditionsFrom.All(
            facts, ClusterPlanner.Plan(facts, Options, Noon.AddHours(1)), AllWell, null, Noon.AddHours(1), new(new Testing.Time.ManualTimeProvider(Noon), new())))
            .Find(ClusterDeploymentConditions.CapiClusterSummary)!;
        Assert.Equal((ConditionStatus.False, Reason.Paused), (condition.Status, condition.Reason));
        Assert.False(ClusterPlanner.Plan(Gone(condition), Options, Noon.AddHours(1)).IsRecreation);
    }
}

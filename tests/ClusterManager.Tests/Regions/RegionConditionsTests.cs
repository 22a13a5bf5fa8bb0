using Fleet.ClusterManager.Regions;
using Fleet.Contracts.Components;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Regions;

namespace Fleet.ClusterManager.Tests.Regions;

public class RegionConditionsTests
{
    private static ConditionSet Conditions(RegionState state, string problem = "", Action<RegionFacts>? change = null, string[]? problems = null, bool paused = false, RegionUsers? users = null, bool deleting = false)
    {
        var facts = new RegionFacts
        {
            Object = new() { Metadata = new() { Name = "east", Generation = 2, DeletionTimestamp = deleting ? DateTimeOffset.UnixEpoch : null } },
            View = new("east", state) { Problem = problem, IsPaused = paused },
            Users = users ?? RegionUsers.None,
        };
        change?.Invoke(facts);
        var all = RegionConditionsFrom.All(facts, problems ?? []);
        Assert.All(all, condition => Assert.Contains(condition.Type, RegionConditionsFrom.Owned));
        Assert.All(all, condition => Assert.Equal(2, condition.ObservedGeneration));
        return new(all);
    }

    public static TheoryData<int, string, ConditionStatus, string, string> States => new()
    {
        { (int)RegionState.Usable, "", ConditionStatus.True, "AllComponentsHealthy", "All components are healthy" },
        { (int)RegionState.Connecting, "", ConditionStatus.False, "Progressing", "Region east is being connected to" },
        { (int)RegionState.Away, "no route", ConditionStatus.False, "ProbeFailed", "Region east does not answer: no route" },
        { (int)RegionState.Misconfigured, "kubeconfig Secret kcm-system/x not found", ConditionStatus.False, "ConfigurationError", "kubeconfig Secret kcm-system/x not found" },
        { (int)RegionState.Replaced, "another", ConditionStatus.False, "ClusterReplaced", "another" },
    };

    [Theory, MemberData(nameof(States))]
    public void Ready_says_what_is_wrong(int state, string problem, ConditionStatus status, string reason, string message)
    {
        var ready = Conditions((RegionState)state, problem).Find(SharedConditions.Ready)!;
        Assert.Equal((status, reason, message), (ready.Status, ready.Reason.Value, ready.Message));
    }

    [Fact]
    public void Components_that_are_not_in_order_are_named()
    {
        var ready = Conditions(RegionState.Usable, problems: ["capi: pending"]).Find(SharedConditions.Ready)!;
        Assert.Equal((ComponentsConditions.NotAllComponentsHealthy, "capi: pending"), (ready.Reason, ready.Message));
    }

    [Fact]
    public void A_pause_is_told_and_says_nothing_of_how_the_region_is()
    {
        var conditions = Conditions(RegionState.Usable, paused: true);
        Assert.True(conditions.IsTrue(SharedConditions.Paused));
        Assert.True(conditions.IsTrue(SharedConditions.Ready));
    }

    [Fact]
    public void A_deletion_names_who_is_still_there()
    {
        var deleting = Conditions(RegionState.Usable, users: new(["org/a", "org/b"], ["org/c", "org/d"]), deleting: true).Find(SharedConditions.Deleting)!;
        Assert.Equal((RegionConditions.InUse, "still used by ClusterDeployment org/a, ClusterDeployment org/b, Credential org/c and 1 more"), (deleting.Reason, deleting.Message));
        var away = Conditions(RegionState.Away, "no route", deleting: true);
        Assert.Equal("Region east does not answer: no route", away.Find(SharedConditions.Deleting)!.Message);
        Assert.Equal(Reason.Deleting, away.Find(SharedConditions.Ready)!.Reason);
    }
}

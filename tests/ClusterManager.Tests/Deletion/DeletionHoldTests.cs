using Fleet.ClusterManager.Deletion;
using Fleet.ClusterManager.Tests.Clusters;
using Fleet.Contracts;

namespace Fleet.ClusterManager.Tests.Deletion;

public class DeletionHoldTests
{
    [Theory]
    [InlineData("Always", "", true)]
    [InlineData("always", "Deployed", true)]
    [InlineData("Cascading", "", false)]
    [InlineData("Cascading", "Deployed", true)]
    [InlineData("Cascading", "Pending", true)]
    [InlineData("Cascading", "Deleted", false)]
    [InlineData("Never", "Deployed", false)]
    [InlineData(null, "Deployed", false)]
    public void Protection_holds(string? annotation, string serviceState, bool held)
    {
        var cluster = ClusterExamples.Cluster(c => c.Metadata.Annotations = annotation is null ? null : new() { [FleetAnnotations.DeletionProtection] = annotation });
        ServiceSet[] sets = serviceState.Length == 0 ? [] : [ClusterExamples.Set("web", ("nginx", serviceState))];
        Assert.Equal(held, DeletionHold.Protection(cluster, sets) is not null);
    }

    [Theory]
    // Small fleets: three may go in any case.
    [InlineData(4, 2, 0, true)]
    [InlineData(1, 3, 0, false)]
    // A hundred: twenty may.
    [InlineData(81, 19, 0, true)]
    [InlineData(80, 20, 0, false)]
    // Open is open, however few have begun.
    [InlineData(100, 0, 1, false)]
    public void The_breaker_lets_a_share_of_the_fleet_go(int fleet, int begun, int held, bool mayBegin)
    {
        var decision = BreakerDecision.Of(new(fleet, begun, held), new(), hasBegun: false);
        Assert.Equal(mayBegin, decision.MayBegin);
        Assert.Equal(mayBegin, decision.Message.Length == 0);
    }

    [Fact]
    public void What_has_begun_goes_on() => Assert.True(BreakerDecision.Of(new(10, 9, 5), new(), hasBegun: true).MayBegin);
}

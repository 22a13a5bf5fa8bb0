using Fleet.ClusterManager.Regions;
using Fleet.Contracts;

namespace Fleet.ClusterManager.Tests.Regions;

public class RegionIdentityTests
{
    [Theory]
    [InlineData("a", null, null, true, "a")]
    [InlineData("a", "a", null, true, "a")]
    [InlineData("b", "a", null, true, null)]
    [InlineData("b", "a", "c", true, null)]
    [InlineData("b", "a", "b", true, "b")]
    // Nobody minds.
    [InlineData("b", "a", null, false, "b")]
    public void Another_cluster_is_taken_only_when_somebody_says_so(string seen, string? known, string? accepted, bool isUsed, string? noted) =>
        Assert.Equal(noted, RegionIdentity.Next(seen, known, accepted, isUsed));

    [Fact]
    public void A_cluster_that_was_not_asked_changes_nothing()
    {
        var region = new Region { Metadata = new() { Name = "east", Annotations = new() { [FleetAnnotations.RegionAcceptCluster] = "b" } }, Status = new() { ClusterUid = "a" } };
        var facts = new RegionFacts { Object = region, View = new("east", RegionState.Away) { Problem = "no route" } };
        Assert.Equal(("a", RegionState.Away), (RegionFactsReader.WithUid(facts, null).Uid, RegionFactsReader.WithUid(facts, null).View.State));
        var replaced = facts with { View = new("east", RegionState.Replaced) { Problem = "another" } };
        Assert.Equal(("b", RegionState.Usable), (RegionFactsReader.WithUid(replaced, "b").Uid, RegionFactsReader.WithUid(replaced, "b").View.State));
    }
}

using Fleet.ClusterManager.Regions;

namespace Fleet.ClusterManager.Tests.Regions;

public class RegionChoiceTests
{
    // credential, wanted, placed, in management, in placed → region, conflict
    [Theory]
    [InlineData("c", null, null, false, null, null, false)]
    [InlineData("c", "east", null, false, null, "east", false)]
    [InlineData("c", "east", "east", false, null, "east", false)]
    // Without a credential it stays where it is.
    [InlineData(null, null, "east", false, null, "east", false)]
    // Made at home before the credential was given a region.
    [InlineData("c", "east", null, true, null, null, true)]
    [InlineData("c", "east", "east", true, null, null, true)]
    [InlineData(null, null, "east", true, null, null, false)]
    // Another credential: only what has never been made may go elsewhere.
    [InlineData("c", "west", "east", false, true, "east", true)]
    [InlineData("c", "west", "east", false, null, "east", true)]
    [InlineData("c", "west", "east", false, false, "west", false)]
    [InlineData("c", null, "east", false, true, "east", true)]
    [InlineData("c", null, "east", false, false, null, false)]
    public void A_cluster_is_where_it_was_made(string? credential, string? wanted, string? placed, bool isInManagement, bool? isInPlaced, string? region, bool isConflict)
    {
        var choice = RegionChoice.Of(credential, wanted, placed, isInManagement, isInPlaced);
        Assert.Equal((region, isConflict), (choice.Region, choice.Conflict is not null));
    }

    [Fact]
    public void A_conflict_names_both_places() => Assert.Equal(
        "the Credential c is of region west, and the cluster may have been made in region east: clusters do not move",
        RegionChoice.Of("c", "west", "east", false, null).Conflict);
}

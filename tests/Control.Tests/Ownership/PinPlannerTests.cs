using Fleet.Control.Grains;
using Fleet.Control.Ownership;
using Fleet.Control.Ownership.Pinning;
using Fleet.Kubernetes.Objects;

namespace Fleet.Control.Tests.Ownership;

public sealed class PinPlannerTests
{
    private const long Time = 1_800_000_000_000;
    private static readonly ObjectKey Cluster = new("team", "prod");
    private static readonly GrainId Grain = GrainId.OfCluster(Cluster);
    private static readonly Dictionary<ObjectKey, string> East = new() { [Cluster] = "east" };
    private static readonly Dictionary<ObjectKey, string> Nothing = [];

    private Assignment table = AssignmentPlanner.Plan(Assignment.Empty, [new("a", 0, ReplicaFacts.NoCosts)], Time);

    [Fact]
    public void A_cluster_is_asked_for_then_let_go_and_then_belongs_to_the_pool_under_a_greater_epoch()
    {
        var before = table;
        Plan(East, Replica("a", before), Pool("e", before));
        Assert.Equal(new Pin("") { Next = "east", Asked = table.Generation }, table.Pins.Clusters[Cluster]);
        // As long as its owner has not said so it is its owner's: what it still writes may prove itself.
        Assert.Equal(before.OwnerOf(Grain), table.OwnerOf(Grain));

        var asked = table;
        Plan(East, Replica("a", before), Pool("e", asked));
        Assert.Same(asked, table);

        Plan(East, Replica("a", asked), Pool("e", asked));
        Assert.Equal(new Pin("east"), table.Pins.Clusters[Cluster]);
        Assert.Equal("e", table.OwnerOf(Grain).Replica);
        Assert.True(table.OwnerOf(Grain).Epoch > asked.Slots.Max(slot => slot.Epoch));
    }

    [Fact]
    public void The_way_back_is_the_same()
    {
        Pinned();
        var pinned = table;
        Plan(Nothing, Replica("a", pinned), Pool("e", pinned));
        Assert.Equal("", table.Pins.Clusters[Cluster].Next);
        Assert.Equal("e", table.OwnerOf(Grain).Replica);
        var asked = table;
        Plan(Nothing, Replica("a", asked), Pool("e", asked));
        Assert.Empty(table.Pins.Clusters);
        Assert.Equal("a", table.OwnerOf(Grain).Replica);
        Assert.True(table.OwnerOf(Grain).Epoch > pinned.OwnerOf(Grain).Epoch);
    }

    [Fact]
    public void Who_changes_its_mind_on_the_way_does_not_ask_again()
    {
        Plan(East, Replica("a", table));
        var asked = table.Pins.Clusters[Cluster];
        Plan(new() { [Cluster] = "west" }, Replica("a"));
        Assert.Equal(asked with { Next = "west" }, table.Pins.Clusters[Cluster]);
        // Back to where it came from: it may have been let go already, so its epoch grows all the same.
        Plan(Nothing, Replica("a"));
        Assert.Equal(asked with { Next = "" }, table.Pins.Clusters[Cluster]);
        var epoch = table.OwnerOf(Grain).Epoch;
        Plan(Nothing, Replica("a", table));
        Assert.Empty(table.Pins.Clusters);
        Assert.True(table.OwnerOf(Grain).Epoch > epoch);
    }

    [Fact]
    public void What_the_dead_owned_is_let_go()
    {
        Plan(East, Replica("a", table), Pool("e", table));
        Plan(East, Pool("e", table));
        Assert.Equal(new Pin("east"), table.Pins.Clusters[Cluster]);
        Assert.Equal("e", table.OwnerOf(Grain).Replica);
    }

    [Fact]
    public void Without_knowing_what_is_wanted_nothing_new_begins_and_what_is_on_its_way_arrives()
    {
        Plan(null, Replica("a", table), Pool("e", table));
        Assert.Empty(table.Pins.Clusters);
        Plan(East, Replica("a", table), Pool("e", table));
        Plan(null, Replica("a", table), Pool("e", table));
        Assert.Equal(new Pin("east"), table.Pins.Clusters[Cluster]);
        var pinned = table;
        Plan(null, Replica("a", pinned), Pool("e", pinned));
        Assert.Same(pinned, table);
    }

    [Fact]
    public void A_pool_without_replicas_is_looked_after_by_those_of_no_pool_and_gets_its_clusters_back()
    {
        Pinned();
        Plan(East, Replica("a", table));
        Assert.Equal("a", table.OwnerOf(Grain).Replica);
        Plan(East, Replica("a", table), Pool("e2", table));
        Assert.Equal(("a", "e2"), (table.OwnerOf(Grain).Replica, table.OwnerOf(Grain).Next));
        Plan(East, Replica("a", table), Pool("e2", table));
        Assert.Equal("e2", table.OwnerOf(Grain).Replica);
    }

    [Fact]
    public void Replicas_of_a_pool_get_nothing_else_unless_nobody_else_lives()
    {
        Pinned();
        Assert.All(table.Slots.Take(Slots.Count), slot => Assert.Equal("a", slot.Replica));
        Plan(East, Pool("e", table));
        Assert.All(table.Slots, slot => Assert.Equal("e", slot.Replica));
    }

    [Fact]
    public void Replicas_of_one_pool_share_its_clusters()
    {
        var clusters = Enumerable.Range(0, 1_000).ToDictionary(i => new ObjectKey("team", $"c{i}"), _ => "east");
        for (var round = 0; round < 5; round++)
            Plan(clusters, Replica("a", table), Pool("e1", table), Pool("e2", table));
        var parts = clusters.Keys.GroupBy(key => table.OwnerOf(GrainId.OfCluster(key)).Replica).ToDictionary(g => g.Key, g => g.Count());
        Assert.Equal(["e1", "e2"], parts.Keys.Order());
        Assert.All(parts.Values, count => Assert.InRange(count, 350, 650));
    }

    [Fact]
    public void Places_of_pools_that_nothing_belongs_to_are_used_again_and_there_are_no_more_than_fit()
    {
        for (var pool = 0; pool < 40; pool++)
        {
            for (var round = 0; round < 3; round++)
                Plan(new() { [Cluster] = $"p{pool}" }, Replica("a", table));
            Assert.Equal(new Pin($"p{pool}"), table.Pins.Clusters[Cluster]);
            Assert.InRange(table.Pins.Pools.Count, 1, 2);
        }
        var many = Enumerable.Range(0, 20).ToDictionary(i => new ObjectKey("team", $"c{i}"), i => $"q{i:00}");
        for (var round = 0; round < 3; round++)
            Plan(many, Replica("a", table));
        Assert.Equal(Slots.MostPools, table.Pins.Pools.Count);
        Assert.Equal(Slots.Most, table.Slots.Count);
    }

    private void Pinned()
    {
        for (var round = 0; round < 3; round++)
            Plan(East, Replica("a", table), Pool("e", table));
        Assert.Equal("e", table.OwnerOf(Grain).Replica);
    }

    private void Plan(Dictionary<ObjectKey, string>? wanted, params ReplicaFacts[] replicas) => table = AssignmentPlanner.Plan(table, replicas, Time, wanted);

    private static ReplicaFacts Replica(string name, Assignment? applied = null) => new(name, applied?.Generation ?? 0, ReplicaFacts.NoCosts);

    private static ReplicaFacts Pool(string name, Assignment applied) => Replica(name, applied) with { Pool = "east" };
}

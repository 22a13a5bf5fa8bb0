using Fleet.Control.Grains;
using Fleet.Control.Ownership;
using Fleet.Control.Ownership.Pinning;
using Fleet.Kubernetes.Objects;

namespace Fleet.Control.Tests.Ownership;

public sealed class OwnershipSweepTests
{
    private static readonly Assignment Table = AssignmentPlanner.Plan(Assignment.Empty, [Facts("a", 0), Facts("b", 0)], 1_000);
    private static readonly GrainId[] Grains = [.. Enumerable.Range(0, 400).Select(i => GrainId.OfCluster(new("team", $"cluster-{i}")))];

    private readonly OwnershipSweep sweep = new(TimeSpan.FromSeconds(10));

    [Fact]
    public void Each_is_owned_once() => Assert.Equal(400, Look(0, Row("a"), Row("b")) is { Orphaned: 0, Doubled: 0, Reasons.Count: 0 } all ? all.Owned : -1);

    [Fact]
    public void Clusters_of_the_dead_are_orphaned_only_when_nobody_takes_them_for_a_while()
    {
        Assert.Equal(0, Look(0, Row("a")).Orphaned);
        Assert.Equal(0, Look(9, Row("a")).Orphaned);
        var found = Look(10, Row("a"));
        Assert.Equal(Of("b"), found.Orphaned);
        Assert.Equal($"{Of("b")} of b, which is gone", Assert.Single(found.Reasons));
        Assert.Equal(0, Look(11, Row("a"), Row("b")).Orphaned);
        Assert.Equal(0, Look(12, Row("a")).Orphaned);
    }

    [Fact]
    public void Who_does_not_follow_the_table_leaves_its_clusters_alone()
    {
        Look(0, Row("a"), Row("b") with { Facts = Facts("b", 999) });
        Assert.Equal((Of("b"), 0), Look(20, Row("a"), Row("b") with { Facts = Facts("b", 999) }) is var found ? (found.Orphaned, found.Doubled) : default);
    }

    [Fact]
    public void Who_is_behind_for_a_moment_at_each_look_follows_the_table()
    {
        SweepFindings At(int second, long generation, long applied) =>
            sweep.Look(Table with { Generation = generation }, [Row("a") with { Facts = Facts("a", generation) }, Row("b") with { Facts = Facts("b", applied) }], Grains, TimeSpan.FromSeconds(second));
        Assert.Equal(0, At(0, 2_000, 1_999).Orphaned);
        Assert.Equal(0, At(10, 3_000, 2_999).Orphaned);
        Assert.Equal(0, At(20, 4_000, 3_999).Orphaned);
        // It never comes as far as 4,000.
        Assert.Equal(Of("b"), At(30, 5_000, 3_999).Orphaned);
    }

    [Fact]
    public void Who_holds_what_the_table_does_not_say_is_found()
    {
        Look(0, Row("a"), Row("b") with { Holds = "other" });
        Assert.Equal((0, Of("b")), Look(20, Row("a"), Row("b") with { Holds = "other" }) is var found ? (found.Orphaned, found.Doubled) : default);
    }

    [Fact]
    public void Without_a_table_nothing_is_owned()
    {
        sweep.Look(Assignment.Empty, [Row("a")], Grains, TimeSpan.Zero);
        Assert.Equal((400, 0), sweep.Look(Assignment.Empty, [Row("a")], Grains, TimeSpan.FromSeconds(10)) is var found ? (found.Orphaned, found.Owned) : default);
    }

    [Fact]
    public void A_cluster_that_does_not_arrive_in_its_pool_is_orphaned()
    {
        var moving = Table with { Pins = new(["east"], new Dictionary<ObjectKey, Pin> { [Grains[0].Key] = new("") { Next = "east", Asked = 1 } }) };
        SweepFindings At(int second, Assignment table) => sweep.Look(table, [Row("a"), Row("b")], Grains, TimeSpan.FromSeconds(second));
        Assert.Equal(0, At(0, moving).Orphaned);
        var found = At(10, moving);
        Assert.Equal((1, 0), (found.Orphaned, found.Doubled));
        Assert.Equal("1 of nobody, while they move between pools", Assert.Single(found.Reasons));
        Assert.Equal(0, At(11, Table).Orphaned);
        Assert.Equal(0, At(12, moving).Orphaned);
    }

    [Fact]
    public void What_a_replica_holds_after_it_has_followed_the_table_is_what_the_sweep_expects()
    {
        var held = Holding.Nothing.Following(Table, "a", new Dictionary<int, long>());
        Assert.Equal(Holding.DigestFor(Table, "a"), held.Digest());
        Assert.NotEqual(Holding.DigestFor(Table, "b"), held.Digest());
        Assert.NotEqual(held.Digest(), held.Without([Enumerable.Range(0, Slots.Count).First(slot => held.Epoch(slot) > 0)]).Digest());
    }

    private SweepFindings Look(int second, params ReplicaRow[] replicas) => sweep.Look(Table, replicas, Grains, TimeSpan.FromSeconds(second));

    private static int Of(string replica) => Grains.Count(grain => Table.Slots[Slots.Of(grain)].Replica == replica);

    private static ReplicaFacts Facts(string name, long applied) => new(name, applied, ReplicaFacts.NoCosts);

    private static ReplicaRow Row(string name) => new($"lease-{name}", "1", TimeSpan.FromSeconds(6), null, Holding.DigestFor(Table, name), Facts(name, Table.Generation));
}

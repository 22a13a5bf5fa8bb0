using Fleet.Control.Grains;
using Fleet.Control.Ownership;

namespace Fleet.Control.Tests.Ownership;

public sealed class AssignmentPlannerTests
{
    private const long Time = 1_800_000_000_000;

    [Fact]
    public void The_first_replica_gets_everything_at_once_with_epochs_of_the_time()
    {
        var table = Plan(Assignment.Empty, Replica("a"));
        Assert.All(table.Slots, slot => Assert.Equal(new SlotOwner("a", Time), slot));
        Assert.Equal(Time, table.Generation);
    }

    [Fact]
    public void Nothing_to_change_is_the_same_table()
    {
        var table = Settled("a", "b", "c");
        Assert.Same(table, Plan(table, Replica("a", table), Replica("b", table), Replica("c", table)));
    }

    [Fact]
    public void Without_anybody_to_take_it_everything_stays()
    {
        var table = Settled("a");
        Assert.Same(table, Plan(table));
    }

    [Fact]
    public void A_new_replica_gets_its_share_only_after_the_owners_have_let_go()
    {
        var table = Settled("a", "b");
        var asked = Plan(table, Replica("a", table), Replica("b", table), Replica("c"));
        var moving = asked.Slots.Where(s => s.Next is not null).ToList();
        Assert.NotEmpty(moving);
        Assert.All(moving, slot => Assert.Equal(("c", asked.Generation), (slot.Next, slot.Asked)));
        Assert.Equal(table.Slots.Select(s => (s.Replica, s.Epoch)), asked.Slots.Select(s => (s.Replica, s.Epoch)));

        // One of the two has let go: only its slots are granted.
        var half = Plan(asked, Replica("a", asked), Replica("b", table), Replica("c"));
        for (var slot = 0; slot < Slots.Count; slot++)
            if (asked.Slots[slot].Next is null)
                Assert.Equal(asked.Slots[slot], half.Slots[slot]);
            else if (asked.Slots[slot].Replica == "b")
                Assert.Equal(asked.Slots[slot], half.Slots[slot]);
            else
                Assert.Equal(new SlotOwner("c", asked.Slots[slot].Epoch + 1), half.Slots[slot]);
    }

    [Fact]
    public void Slots_of_the_dead_are_taken_at_once_with_a_greater_epoch_and_no_other_moves()
    {
        var table = Settled("a", "b", "c");
        var next = Plan(table, Replica("a", table), Replica("c", table));
        for (var slot = 0; slot < Slots.Count; slot++)
        {
            if (table.Slots[slot].Replica != "b")
            {
                Assert.Equal(table.Slots[slot].Epoch, next.Slots[slot].Epoch);
                continue;
            }
            Assert.NotEqual("b", next.Slots[slot].Replica);
            Assert.True(next.Slots[slot].Epoch > table.Slots[slot].Epoch);
        }
    }

    [Fact]
    public void Who_was_to_get_a_slot_but_died_is_replaced_without_asking_again()
    {
        var table = Settled("a", "b");
        var asked = Plan(table, Replica("a", table), Replica("b", table), Replica("c"));
        var without = Plan(asked, Replica("a", table), Replica("b", table), Replica("d"));
        Assert.Contains(without.Slots, slot => slot.Next == "d");
        for (var slot = 0; slot < Slots.Count; slot++)
            if (asked.Slots[slot].Next is not null)
                Assert.Equal((asked.Slots[slot].Epoch, asked.Generation), (without.Slots[slot].Epoch, without.Slots[slot].Asked));

        var granted = Plan(without, Replica("a", without), Replica("b", without), Replica("d", without));
        Assert.DoesNotContain(granted.Slots, slot => slot.Next is not null && slot.Asked <= without.Generation);
    }

    [Fact]
    public void An_epoch_grows_also_when_the_clock_goes_back_and_when_the_table_was_lost()
    {
        var table = Settled("a");
        var back = AssignmentPlanner.Plan(table, [Replica("b")], Time - 1_000_000);
        Assert.All(back.Slots, slot => Assert.Equal(Time + 1, slot.Epoch));
        var anew = AssignmentPlanner.Plan(Assignment.Empty, [Replica("b")], Time + 5);
        Assert.All(anew.Slots, slot => Assert.Equal(Time + 5, slot.Epoch));
    }

    [Fact]
    public void From_ten_replicas_to_nine_few_of_ten_thousand_clusters_move_and_the_rest_are_spread_evenly()
    {
        string[] ten = [.. Enumerable.Range(0, 10).Select(i => $"replica-{i}")];
        var clusters = Enumerable.Range(0, 10_000).Select(i => Slots.Of(GrainId.OfCluster(new($"team-{i % 40}", $"cluster-{i}")))).ToList();
        var before = Settle(Assignment.Empty, clusters, ten);
        var after = Settle(before, clusters, ten[..9]);

        Assert.InRange(clusters.Count(slot => before.Slots[slot].Replica != after.Slots[slot].Replica), 1, 1_500);
        foreach (var (table, count) in new[] { (before, 10), (after, 9) })
            Assert.All(clusters.GroupBy(slot => table.Slots[slot].Replica), of => Assert.InRange(of.Count(), 10_000.0 / count * 0.9, 10_000.0 / count * 1.1));
    }

    [Fact]
    public void Slots_are_shared_out_by_what_they_cost()
    {
        // One slot in eight costs thirty times as much as the others.
        var costs = Enumerable.Range(0, Slots.Count).ToDictionary(slot => slot, slot => slot % 8 == 0 ? 30.0 : 1.0);
        var table = Settled("a", "b", "c");
        for (var round = 0; round < 20; round++)
            table = Plan(table, [.. new[] { "a", "b", "c" }.Select(name => Replica(name, table) with { Costs = Of(table, name, costs) })]);
        Assert.DoesNotContain(table.Slots, slot => slot.Next is not null);
        var loads = table.Slots.Select((owner, slot) => (owner.Replica, costs[slot])).GroupBy(s => s.Replica).Select(g => g.Sum(s => s.Item2)).ToList();
        Assert.Equal(3, loads.Count);
        Assert.All(loads, load => Assert.InRange(load, loads.Average() * 0.9, loads.Average() * 1.1));
    }

    [Fact]
    public void Whatever_happens_to_replicas_a_slot_moves_only_from_the_dead_or_from_who_has_let_go()
    {
        for (var seed = 1; seed <= 20; seed++)
            Walk(seed);
    }

    private static void Walk(int seed)
    {
        var chance = new Random(seed);
        var table = Assignment.Empty;
        List<ReplicaFacts> replicas = [Replica("r0")];
        for (var step = 1; step < 60; step++)
        {
            switch (chance.Next(4))
            {
                case 0: replicas.Add(Replica($"r{step}")); break;
                case 1 when replicas.Count > 1: replicas.RemoveAt(chance.Next(replicas.Count)); break;
                default: Change(r => r with { Applied = table.Generation }); break;
            }
            var next = AssignmentPlanner.Plan(table, replicas, Time + step);
            for (var slot = 0; slot < Slots.Count; slot++)
            {
                var (old, @new) = (table.Slots[slot], next.Slots[slot]);
                Assert.True(@new.Epoch >= old.Epoch, $"seed {seed}, step {step}: the epoch of slot {slot} went back");
                if (@new.Replica == old.Replica && @new.Epoch == old.Epoch)
                    continue;
                Assert.True(@new.Epoch > old.Epoch, $"seed {seed}, step {step}: slot {slot} has a new owner under an old epoch");
                var living = replicas.SingleOrDefault(r => r.Name == old.Replica);
                Assert.True(living is null || (old.Next is not null && living.Applied >= old.Asked), $"seed {seed}, step {step}: slot {slot} was taken from {old.Replica}, who lives and has it");
            }
            table = next;

            void Change(Func<ReplicaFacts, ReplicaFacts> change)
            {
                var one = chance.Next(replicas.Count);
                replicas[one] = change(replicas[one]);
            }
        }
    }

    private static Assignment Settled(params string[] names)
    {
        var table = Plan(Assignment.Empty, [.. names.Select(name => Replica(name))]);
        return Plan(table, [.. names.Select(name => Replica(name, table))]);
    }

    private static Assignment Settle(Assignment table, List<int> clusters, string[] names)
    {
        var costs = clusters.GroupBy(slot => slot).ToDictionary(g => g.Key, g => (double)g.Count());
        for (var round = 0; round < 20; round++)
            table = Plan(table, [.. names.Select(name => Replica(name, table) with { Costs = Of(table, name, costs) })]);
        Assert.DoesNotContain(table.Slots, slot => slot.Next is not null);
        return table;
    }

    private static Dictionary<int, double> Of(Assignment table, string name, Dictionary<int, double> costs) =>
        costs.Where(cost => table.Slots[cost.Key].Replica == name).ToDictionary();

    private static Assignment Plan(Assignment now, params ReplicaFacts[] replicas) => AssignmentPlanner.Plan(now, replicas, Time);

    private static ReplicaFacts Replica(string name, Assignment? applied = null) => new(name, applied?.Generation ?? 0, ReplicaFacts.NoCosts);
}

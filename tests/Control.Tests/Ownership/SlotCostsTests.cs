using Fleet.Control.Ownership;
using Fleet.Kubernetes.Core;

namespace Fleet.Control.Tests.Ownership;

public sealed class SlotCostsTests
{
    [Fact]
    public void The_owner_knows_best_and_the_table_remembers_what_it_does_not_know()
    {
        var table = Table() with { Costs = new Dictionary<int, double> { [0] = 1, [1] = 2, [2] = 3 } };
        // "b" has measured a slot that is not its own, from before it was moved; and what "a" says of slot 1 cannot be.
        var known = SlotCosts.Known(table, [Replica("a", (0, 10), (1, double.NaN)), Replica("b", (0, 99), (3, 4))]);
        Assert.Equal(new Dictionary<int, double> { [0] = 10, [1] = 2, [2] = 3, [3] = 4 }, known);
    }

    [Fact]
    public void What_nobody_knows_weighs_the_mean_and_nothing_weighs_less_than_a_quarter_of_it()
    {
        Assert.Equal([1, 1, 1], SlotCosts.From(ReplicaFacts.NoCosts, 0, 3));
        Assert.Equal([1, 1], SlotCosts.From(new Dictionary<int, double> { [0] = 0, [1] = 0 }, 0, 2));
        Assert.Equal([8, 2, 5], SlotCosts.From(new Dictionary<int, double> { [7] = 100, [10] = 8, [11] = 2 }, 10, 3));
        Assert.Equal([12, 1.5], SlotCosts.From(new Dictionary<int, double> { [10] = 12, [11] = 0 }, 10, 2));
    }

    [Fact]
    public void Costs_alone_are_no_reason_to_write_the_table_but_are_in_it_when_something_moves()
    {
        var table = AssignmentPlanner.Plan(Assignment.Empty, [Replica("a")], 1_000);
        Assert.Same(table, AssignmentPlanner.Plan(table, [Replica("a", (5, 2.5))], 2_000));
        var next = AssignmentPlanner.Plan(table, [Replica("a", (5, 2.5)), Replica("b")], 2_000);
        Assert.Equal(new Dictionary<int, double> { [5] = 2.5 }, next.Costs);
        // Who measured it is gone.
        Assert.Equal(new Dictionary<int, double> { [5] = 2.5 }, AssignmentPlanner.Plan(next, [Replica("b")], 3_000).Costs);
    }

    [Fact]
    public void The_stored_table_keeps_them_and_is_read_without_them_or_with_what_is_none()
    {
        Assert.Equal(new Dictionary<int, double> { [3] = 0.1, [500] = 12.5 }, Stored("3:1 500:125").Costs);
        Assert.Equal("3:1 500:125", SlotCosts.Write(Stored("500:125 3:1").Costs));
        Assert.Empty(Stored(null).Costs);
        Assert.Equal([7], Stored("x:1 99999:1 5:-3 6 7:8").Costs.Keys);

        static Assignment Stored(string? costs)
        {
            var row = TableRow.From(new ConfigMap { Metadata = new(), Data = new() { [OwnershipNames.Generation] = "5", [OwnershipNames.Table] = "0 a 1", [OwnershipNames.TableCosts] = costs! } });
            Assert.Null(row.Trouble);
            return row.Table;
        }
    }

    private static Assignment Table() => new(1, [.. Enumerable.Range(0, Slots.Count).Select(slot => new SlotOwner(slot < 3 ? "a" : "b", 1))]);

    private static ReplicaFacts Replica(string name, params (int Slot, double Cost)[] costs) => new(name, 0, costs.ToDictionary(c => c.Slot, c => c.Cost));
}

using Fleet.Reliability.Tests.Laboratory;

namespace Fleet.Reliability.Tests;

/// <summary>What the laboratory makes of a seed.</summary>
public sealed class FaultPlanTests
{
    private static readonly string[] Replicas = ["a", "b", "c"];

    [Fact]
    public void The_same_seed_is_the_same_list() => Assert.Equal(Of(7), Of(7));

    [Fact]
    public void Another_seed_is_another_list() => Assert.NotEqual(Of(7), Of(8));

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Every_kind_comes(int seed) => Assert.Equal(Enum.GetValues<FaultKind>(), Of(seed).Select(f => f.Kind).Distinct().Order());

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void A_target_has_one_fault_at_a_time(int seed)
    {
        foreach (var target in Of(seed).GroupBy(f => f.Target))
            Assert.All(target.Zip(target.Skip(1)), pair => Assert.True(pair.Second.At > pair.First.End, $"{pair.First} and {pair.Second}"));
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void One_replica_is_always_well(int seed)
    {
        var faults = Of(seed).Where(f => Replicas.Contains(f.Target)).ToList();
        Assert.All(faults, fault => Assert.True(faults.Where(f => f.At <= fault.At && f.End >= fault.At).Select(f => f.Target).Distinct().Count() < Replicas.Length, $"at {fault}"));
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Freezes_are_of_a_second_to_a_minute_and_both_ends_come(int seed)
    {
        var freezes = FaultPlan.Of(seed, Replicas, hasNamespaces: true).Where(f => f.Kind == FaultKind.Freeze).Take(200).Select(f => f.Length).ToList();
        Assert.All(freezes, length => Assert.InRange(length, TimeSpan.FromSeconds(1), FaultPlan.LongestFreeze));
        Assert.Contains(freezes, length => length < TimeSpan.FromSeconds(2));
        Assert.Contains(freezes, length => length > TimeSpan.FromSeconds(40));
    }

    [Fact]
    public void A_replica_is_cut_off_from_everything_else_in_each_direction()
    {
        var cuts = FaultPlan.Of(1, Replicas, hasNamespaces: true).Where(f => f.Kind == FaultKind.PartitionOneWay).Take(300).ToList();
        Assert.All(cuts, cut => Assert.NotEqual(cut.Target, cut.From));
        foreach (var from in (string[])[FaultPlan.Management, FaultPlan.Postgres, FaultPlan.Clusters, .. Replicas])
            Assert.Equal(2, cuts.Where(c => c.From == from).Select(c => c.Sent).Distinct().Count());
    }

    [Fact]
    public void Without_namespaces_nothing_comes_that_needs_them() =>
        Assert.DoesNotContain(FaultPlan.Of(1, Replicas, hasNamespaces: false).Take(500), f => FaultPlan.NeedsNamespaces(f.Kind));

    private static List<Fault> Of(int seed) => [.. FaultPlan.Of(seed, Replicas, hasNamespaces: true).Take(500)];
}

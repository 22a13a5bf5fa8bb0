using FsCheck;
using FsCheck.Fluent;
using Fleet.Cost.Allocations;
using Fleet.Cost.Filters;
using Fleet.Cost.Sharing;

namespace Fleet.Cost.Tests.Allocations;

/// <summary>A filter never changes the figure of what it lets through, whatever is shared.</summary>
public sealed class FilteredFiguresTests
{
    private static readonly string[] Fields = ["cluster", "namespace", "pod", "label:app"];

    [Theory]
    [InlineData(false, ShareSplit.Weighted)]
    [InlineData(true, ShareSplit.Weighted)]
    [InlineData(false, ShareSplit.Even)]
    [InlineData(true, ShareSplit.Even)]
    public void Rows_filtered_one_by_one_are_those_of_the_whole(bool shareIdle, ShareSplit split)
    {
        foreach (var set in Sets.Sample(60, 40))
            foreach (var by in Fields)
                foreach (var shared in (SharedCosts[])[SharedCosts.None, Everybodys(split)])
                {
                    var query = new AllocationQuery { AggregateBy = Aggregation.Parse(by), ShareIdle = shareIdle, Shared = shared };
                    var whole = AllocationAggregator.Aggregate(set, query).Allocations;
                    var idle = 0.0;
                    foreach (var row in whole.Values.Where(row => row.Kind == AllocationKind.Workload))
                    {
                        var field = by == "label:app" ? "label[app]" : by;
                        var filtered = AllocationAggregator.Aggregate(set, query with { Filter = AllocationFilter.Parse($"{field}:\"{row.Name}\"") }).Allocations;
                        Assert.Equal(row.TotalCost, filtered[row.Name].TotalCost, 9);
                        idle += filtered.GetValueOrDefault(AllocationKeys.Idle)?.TotalCost ?? 0;
                    }
                    // Idle that is not shared is divided among the filters, none of it twice.
                    if (!shareIdle && whole.ContainsKey(AllocationKeys.Idle) && whole.Values.Any(row => row.Kind == AllocationKind.Workload))
                        Assert.InRange(idle, 0, whole[AllocationKeys.Idle].TotalCost + 1e-9);
                }
    }

    [Fact]
    public void Nothing_is_lost_or_made_by_sharing()
    {
        foreach (var set in Sets.Sample(60, 200))
            foreach (var shareIdle in (bool[])[false, true])
                foreach (var split in Enum.GetValues<ShareSplit>())
                    Assert.Equal(
                        set.TotalCost + 24 * 0.5,
                        AllocationAggregator.Aggregate(set, new() { AggregateBy = Aggregation.Parse("namespace"), ShareIdle = shareIdle, Shared = Everybodys(split) }).TotalCost, 6);
    }

    private static SharedCosts Everybodys(ShareSplit split) => new()
    {
        Namespaces = new HashSet<string> { "n0" },
        HourlyOverhead = new Dictionary<string, double> { ["fees"] = 0.5 },
        Split = split,
    };

    private static Gen<(int Cluster, int Namespace, int Pod, int App, int Cost)> Rows { get; } =
        from cluster in Gen.Choose(0, 2)
        from @namespace in Gen.Choose(0, 3)
        from pod in Gen.Choose(0, 5)
        from app in Gen.Choose(0, 2)
        from cost in Gen.Choose(0, 40)
        select (cluster, @namespace, pod, app, cost);

    private static Gen<AllocationSet> Sets { get; } = Gen.ArrayOf(Rows)
        .Select(rows => new AllocationSet(
            Examples.Day,
            [
                .. rows.Take(25).Select(row => Examples.Unit($"c{row.Cluster}", "n", $"n{row.Namespace}", $"p{row.Pod}", "main", labels: row.App > 0 ? $"app=a{row.App}" : "")
                    with { Cpu = new() { Cost = row.Cost }, Ram = new() { Cost = row.Cost / 2 }, Gpu = new() { Cost = row.Cluster == 1 ? row.Cost : 0 } }),
                Examples.Idle("c0", "", 3, 4), Examples.Idle("c1", "", 5, 6), Examples.Idle("c2", "", 7, 8),
            ]));
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Cost.Allocations;
using Fleet.Cost.Responses;

namespace Fleet.Cost.Tests.Allocations;

/// <summary>OpenCost's proportional asset resource costs, with the figures of its scenarios.</summary>
public sealed class AssetShareTests
{
    [Fact]
    public void Scenario_1a_parts_of_clusters()
    {
        var rows = Aggregate(Examples.WithClusterIdle, "cluster", byNode: false);
        Assert.Equal(("", "", new AssetCosts(6, 6, 16, 6, 0)), (Share(rows, "cluster1", "cluster1").Name, Share(rows, "cluster1", "cluster1").Type, Share(rows, "cluster1", "cluster1").Costs));
        Assert.Equal(new AssetCosts(6, 6, 6, 6, 0), Share(rows, "cluster2", "cluster2").Costs);
        // 6 of 11 on CPU with idle, 16 of 31 on RAM, all of the volumes.
        Assert.Equal((6 / 11.0, 16 / 31.0, 1.0, 28 / 48.0), (Share(rows, "cluster1", "cluster1").CpuPart, Share(rows, "cluster1", "cluster1").RamPart, Share(rows, "cluster1", "cluster1").VolumePart, Share(rows, "cluster1", "cluster1").NodePart));
    }

    [Fact]
    public void Scenario_6j_parts_of_machines_and_volumes()
    {
        var rows = Aggregate(Examples.WithNodeIdle, "namespace", byNode: true);
        Assert.Equal(["cluster1,c1nodes", "cluster1,pv-pod-abc-container2", "cluster1,pv-pod-def-container3", "cluster1,pv-pod1-container1"], rows["namespace1"].AssetShares.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(new AssetCosts(3, 3, 13, 0, 0), Share(rows, "namespace1", "cluster1,c1nodes").Costs);
        Assert.Equal(new AssetCosts(2, 2, 2, 0, 0), Share(rows, "namespace2", "cluster2,node1").Costs);
        Assert.Equal(new AssetCosts(1, 1, 1, 0, 0), Share(rows, "namespace3", "cluster2,node2").Costs);
        Assert.Equal(("Node", "node3", Math.Round(2 / 3.666667, 12)), (Share(rows, "namespace3", "cluster2,node3").Type, Share(rows, "namespace3", "cluster2,node3").ProviderId, Math.Round(Share(rows, "namespace3", "cluster2,node3").CpuPart, 12)));
        Assert.Equal(("PV", 1.0), (Share(rows, "namespace1", "cluster1,pv-pod1-container1").Type, Share(rows, "namespace1", "cluster1,pv-pod1-container1").VolumePart));
    }

    [Fact]
    public void Parts_of_a_machine_and_its_idle_are_the_whole()
    {
        var rows = Aggregate(Examples.WithNodeIdle, "namespace", byNode: true).Values.SelectMany(row => row.AssetShares).Where(share => share.Key == "cluster1,c1nodes").ToList();
        Assert.Equal(1 - 5 / 11.0, rows.Sum(share => share.Value.CpuPart), 12);
    }

    [Fact]
    public void Nobody_who_did_not_ask_gets_them() =>
        Assert.All(AllocationAggregator.Aggregate(Examples.WithNodeIdle, new() { AggregateBy = Aggregation.Parse("pod") }).Allocations.Values, row => Assert.Empty(row.AssetShares));

    [Fact]
    public void They_are_written_as_OpenCost_does()
    {
        var set = AllocationAggregator.Aggregate(Examples.WithClusterIdle, new() { AggregateBy = Aggregation.Parse("cluster"), IncludeAssetShares = true });
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
            AllocationJson.Write(json, [set]);
        Assert.Equal(
            """{"cluster":"cluster1","cpuPercentage":0.54545,"gpuPercentage":1,"ramPercentage":0.51613,"loadBalancerPercentage":0,"pvPercentage":1,"nodeResourceCostPercentage":0.58333}""",
            JsonNode.Parse(stream.ToArray())!["data"]![0]!["cluster1"]!["proportionalAssetResourceCosts"]!["cluster1"]!.ToJsonString());
    }

    private static IReadOnlyDictionary<string, Allocation> Aggregate(AllocationSet set, string by, bool byNode) =>
        AllocationAggregator.Aggregate(set, new() { AggregateBy = Aggregation.Parse(by), IncludeAssetShares = true, IdleByNode = byNode }).Allocations;

    private static AssetShare Share(IReadOnlyDictionary<string, Allocation> rows, string row, string asset) => rows[row].AssetShares[asset];
}

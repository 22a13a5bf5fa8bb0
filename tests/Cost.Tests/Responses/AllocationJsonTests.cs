using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Cost.Allocations;
using Fleet.Cost.Assets;
using Fleet.Cost.Responses;

namespace Fleet.Cost.Tests.Responses;

public sealed class AllocationJsonTests
{
    private static readonly string[] Fields =
    [
        "name", "properties", "window", "start", "end", "minutes",
        "cpuCores", "cpuCoreRequestAverage", "cpuCoreUsageAverage", "cpuCoreHours", "cpuCost", "cpuCostAdjustment", "cpuCostIdle", "cpuEfficiency",
        "gpuCount", "gpuRequestAverage", "gpuUsageAverage", "gpuHours", "gpuCost", "gpuCostAdjustment", "gpuCostIdle", "gpuEfficiency",
        "networkTransferBytes", "networkReceiveBytes", "networkCost", "networkCrossZoneCost", "networkCrossRegionCost", "networkInternetCost", "networkCostAdjustment",
        "loadBalancerCost", "loadBalancerCostAdjustment", "pvBytes", "pvByteHours", "pvCost", "pvs", "pvCostAdjustment",
        "ramBytes", "ramByteRequestAverage", "ramByteUsageAverage", "ramByteHours", "ramCost", "ramCostAdjustment", "ramCostIdle", "ramEfficiency",
        "externalCost", "sharedCost", "totalCost", "totalEfficiency", "rawAllocationOnly", "lbAllocations",
    ];

    [Fact]
    public void A_row_has_every_field_of_OpenCosts()
    {
        var answer = Write(Examples.WithoutIdle);
        Assert.Equal(200, (int)answer["code"]!);
        var row = answer["data"]![0]!["cluster1/namespace1/pod1/container1"]!.AsObject();
        Assert.Equal(Fields.Order(), row.Select(field => field.Key).Order());
        Assert.Equal(("cluster1", "pod1", "app1"), ((string?)row["properties"]!["cluster"], (string?)row["properties"]!["pod"], (string?)row["properties"]!["labels"]!["app"]));
        Assert.Equal(("2026-03-04T00:00:00Z", "2026-03-05T00:00:00Z", 1440.0), ((string?)row["window"]!["start"], (string?)row["end"], (double)row["minutes"]!));
        Assert.Equal((16.0, 11.0, .04167, 1.0), ((double)row["totalCost"]!, (double)row["ramCost"]!, (double)row["cpuCores"]!, (double)row["totalEfficiency"]!));
        Assert.Equal(1.0, (double)row["pvs"]!["cluster=cluster1:name=pv-pod1-container1"]!["cost"]!);
        Assert.Equal(1.0, (double)row["rawAllocationOnly"]!["cpuCoreUsageMax"]!);
        Assert.Null(row["lbAllocations"]);
        Assert.Equal("USD", (string?)answer["currency"]);
    }

    [Fact]
    public void An_object_for_each_step() => Assert.Equal(2, Write(Examples.WithoutIdle, new(Examples.Day, []))["data"]!.AsArray().Count);

    [Fact]
    public void What_is_no_number_is_zero()
    {
        var row = Examples.Workloads[0] with { Name = "a", Cpu = new() { Cost = double.NaN, Hours = double.PositiveInfinity, RequestAverage = double.NegativeInfinity } };
        var written = Write(new AllocationSet(Examples.Day, [row]))["data"]![0]!["a"]!;
        Assert.Equal((0.0, 0.0, 0.0, 0.0), ((double)written["cpuCost"]!, (double)written["cpuCoreHours"]!, (double)written["cpuCoreRequestAverage"]!, (double)written["totalCost"]!));
    }

    [Fact]
    public void Numbers_have_five_decimals_or_all_of_them()
    {
        var set = new AllocationSet(Examples.Day, [Examples.Workloads[0] with { Name = "a", SharedCost = 1.0000049 }]);
        Assert.Equal("1", Write(set)["data"]![0]!["a"]!["sharedCost"]!.ToJsonString());
        Assert.Equal("1.0000049", WriteWith(null, set)["data"]![0]!["a"]!["sharedCost"]!.ToJsonString());
    }

    [Fact]
    public void A_missing_price_is_named()
    {
        var set = new AllocationSet(Examples.Day, [Examples.Workloads[0] with { Name = "a", MissingPrice = MissingPrice.Gpu | MissingPrice.Volume }]);
        Assert.Equal("""["gpu","volume"]""", Write(set)["data"]![0]!["a"]!["missingPrices"]!.ToJsonString());
    }

    [Fact]
    public void Load_balancers_and_shared_parts_are_written()
    {
        var row = Examples.Workloads[0] with
        {
            Name = "a",
            LoadBalancers = new Dictionary<string, LoadBalancerShare> { ["c/shop/web"] = new("shop/web", 2, 24) { Ip = "10.0.0.1", IsPrivate = true } },
            SharedParts = new Dictionary<string, SharedCostPart> { ["kube-system"] = new(1, 0, 2, 0, 0, 0, 0, 3) },
        };
        var written = Write(new AllocationSet(Examples.Day, [row]))["data"]![0]!["a"]!;
        Assert.Equal("""{"service":"shop/web","cost":2,"private":true,"ip":"10.0.0.1","hours":24,"adjustment":0}""", written["lbAllocations"]!["c/shop/web"]!.ToJsonString());
        Assert.Equal(3.0, (double)written["sharedCostBreakdown"]!["kube-system"]!["totalCost"]!);
    }

    [Fact]
    public void Assets_are_written_by_key()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
            AssetJson.Write(json, Examples.Nodes with
            {
                Disks = [new DiskAsset { Cluster = "cluster1", Name = "pv", Cost = 5, ByteHours = 24 * CostUnits.BytesPerGiB, Start = Examples.Day.Start, End = Examples.Day.End, StorageClass = "ssd" }],
                ClusterManagement = [new() { Cluster = "cluster1", Start = Examples.Day.Start, End = Examples.Day.End, HourPrice = .1 }],
            });
        var data = JsonNode.Parse(stream.ToArray())!["data"]!.AsObject();
        Assert.Equal(6, data.Count);
        var node = data["cluster1/Node/c1nodes/c1nodes"]!;
        Assert.Equal(("Node", 55.0, -10.0, 100.0), ((string?)node["type"], (double)node["cpuCost"]!, (double)node["adjustment"]!, (double)node["totalCost"]!));
        Assert.Equal((CostUnits.BytesPerGiB, "ssd"), ((double)data["cluster1/Disk//pv"]!["bytes"]!, (string?)data["cluster1/Disk//pv"]!["storageClass"]));
        Assert.Equal(2.4, (double)data["cluster1/ClusterManagement"]!["totalCost"]!);
    }

    private static JsonNode Write(params AllocationSet[] sets) => WriteWith(5, sets);

    private static JsonNode WriteWith(int? decimals, params AllocationSet[] sets)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
            AllocationJson.Write(json, sets, decimals);
        return JsonNode.Parse(stream.ToArray())!;
    }
}

using Fleet.Cost;
using Fleet.Cost.Assets;
using Fleet.Cost.Prices;
using Fleet.Observability.Objects;
using Fleet.Observability.Pricing;

namespace Fleet.Observability.Recommendations.Advice;

/// <summary>What is requested, and what is there, by the month, in the currency of the cluster. What has no price in it is null. Pure.</summary>
internal sealed class RequestPrices
{
    private readonly Dictionary<string, (NodeRow Node, NodePrices Prices)> nodes;
    private readonly PriceBook book;
    private readonly DateTimeOffset at;

    public RequestPrices(PriceBook book, IEnumerable<NodeRow> nodesOfCluster, DateTimeOffset at)
    {
        (this.book, this.at, Currency) = (book, at, book.CurrencyAt(at) ?? "USD");
        nodes = nodesOfCluster.GroupBy(node => node.Name).ToDictionary(group => group.Key, group => (group.Last(), book.OfNode(MachineOf(group.Last()), at)));
    }

    public string Currency { get; }

    /// <summary>A core on a node.</summary>
    public double? CoreMonth(string node) => nodes.TryGetValue(node, out var found) ? Month(found.Prices.CpuCoreHour, 1 - found.Prices.Discount) : null;

    /// <summary>A byte of memory on a node.</summary>
    public double? ByteMonth(string node) => nodes.TryGetValue(node, out var found) ? Month(found.Prices.RamGiBHour, (1 - found.Prices.Discount) / CostUnits.BytesPerGiB) : null;

    /// <summary>A whole node.</summary>
    public double? NodeMonth(string name)
    {
        if (!nodes.TryGetValue(name, out var found) || found.Prices.MissingOf(found.Node.Gpus) != 0)
            return null;
        var gpus = found.Node.Gpus > 0 ? found.Node.Gpus * Month(found.Prices.GpuHour, 1) : 0;
        return found.Node.Cores * CoreMonth(name) + found.Node.RamBytes * ByteMonth(name) + gpus;
    }

    public double? VolumeMonth(VolumeRow volume) =>
        Ours(book.OfStorage(volume.StorageClass, at)) is { } price ? DiskAsset.CostOf(volume.Bytes, CostUnits.HoursPerMonth, price.Amount) : null;

    public double? BalancerMonth() => Month(book.OfLoadBalancerHour(at), 1);

    private double? Month(Price? price, double factor) => Ours(price)?.Amount * factor * CostUnits.HoursPerMonth;

    private Price? Ours(Price? price) => price?.Currency == Currency ? price : null;

    private static PricedNode MachineOf(NodeRow node) => new()
    {
        Pool = NodePools.PoolOf(node), InstanceType = node.InstanceType, Region = node.Region, IsSpot = node.IsSpot, GpuModel = NodePools.GpuModelOf(node), Labels = node.Labels.Values,
        CpuCores = node.Cores, RamBytes = node.RamBytes, Gpus = node.Gpus,
    };
}

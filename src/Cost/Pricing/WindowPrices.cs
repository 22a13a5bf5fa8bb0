using Fleet.Cost.Allocations;
using Fleet.Cost.Prices;

namespace Fleet.Cost.Pricing;

/// <summary>The prices of a cluster at one moment, in one currency; each is looked up once.</summary>
internal sealed class WindowPrices
{
    private readonly PriceBook book;
    private readonly DateTimeOffset at;
    private readonly Dictionary<string, Price?> storage = [];

    public WindowPrices(PriceBook book, DateTimeOffset at)
    {
        this.book = book;
        this.at = at;
        Currency = book.CurrencyAt(at) ?? "USD";
        LoadBalancerHour = Ours(book.OfLoadBalancerHour(at));
        LoadBalancerIngress = Ours(book.OfLoadBalancerIngress(at));
        CrossZone = Ours(book.OfCrossZoneEgress(at));
        CrossRegion = Ours(book.OfCrossRegionEgress(at));
        Internet = Ours(book.OfInternetEgress(at));
        Egress = Ours(book.OfEgress(at));
        Management = Ours(book.OfClusterManagement(at));
    }

    public string Currency { get; }

    public Price? LoadBalancerHour { get; }

    public Price? LoadBalancerIngress { get; }

    public Price? CrossZone { get; }

    public Price? CrossRegion { get; }

    public Price? Internet { get; }

    /// <summary>Of what goes nobody knows where.</summary>
    public Price? Egress { get; }

    public Price? Management { get; }

    public NodePrices OfNode(PricedNode node)
    {
        var prices = book.OfNode(node, at);
        return prices with { CpuCoreHour = Ours(prices.CpuCoreHour), RamGiBHour = Ours(prices.RamGiBHour), GpuHour = Ours(prices.GpuHour) };
    }

    public Price? OfStorage(string storageClass)
    {
        if (!storage.TryGetValue(storageClass, out var price))
            storage[storageClass] = price = Ours(book.OfStorage(storageClass, at));
        return price;
    }

    /// <summary>Traffic that costs something nobody knows.</summary>
    public MissingPrice MissingOf(ContainerSpan span) =>
        (span.CrossZoneBytes > 0 && CrossZone is null) || (span.CrossRegionBytes > 0 && CrossRegion is null) || (span.InternetBytes > 0 && Internet is null)
            || (span.UnknownEgressBytes > 0 && Egress is null)
            ? MissingPrice.Network
            : MissingPrice.None;

    private Price? Ours(Price? price) => price?.Currency == Currency ? price : null;
}

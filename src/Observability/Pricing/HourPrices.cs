using Fleet.Cost.Prices;
using Fleet.Cost.Pricing;
using Fleet.Observability.Hours;

namespace Fleet.Observability.Pricing;

/// <summary>Hours of a cluster, or parts of them, in money. Pure.</summary>
internal static class HourPrices
{
    public static PricedCluster Price(ClusterHour hour, string cluster, PriceBook prices, PodMetadata metadata)
    {
        var priced = ClusterPricer.Price(HourUsage.Of(hour, cluster, metadata), prices);
        // The fee is for the hour; the hour comes in parts.
        return priced with
        {
            Assets = priced.Assets with { ClusterManagement = [.. priced.Assets.ClusterManagement.Select(fee => fee with { End = fee.Start.AddSeconds(hour.SeenSeconds) })] },
        };
    }
}

using Fleet.Cost.Allocations;

namespace Fleet.Observability.Days;

/// <summary>Parts without a price, in words. Pure.</summary>
internal static class MissingPrices
{
    /// <summary>As <c>/allocation</c> names them.</summary>
    public static IReadOnlyList<string> Keys(MissingPrice missing) => [.. Parts(missing).Select(part => part.ToString().ToLowerInvariant())];

    /// <summary>For people.</summary>
    public static IReadOnlyList<string> Words(MissingPrice missing) =>
    [
        .. Parts(missing).Select(part => part switch
        {
            MissingPrice.Cpu => "CPU",
            MissingPrice.Ram => "memory",
            MissingPrice.Gpu => "GPUs",
            MissingPrice.Volume => "volumes",
            MissingPrice.LoadBalancer => "load balancers",
            _ => "traffic",
        }),
    ];

    private static IEnumerable<MissingPrice> Parts(MissingPrice missing) => Enum.GetValues<MissingPrice>().Where(part => part != MissingPrice.None && missing.HasFlag(part));
}

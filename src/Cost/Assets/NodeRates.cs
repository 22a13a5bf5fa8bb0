namespace Fleet.Cost.Assets;

/// <summary>What a machine's parts cost for an hour: per core, per GiB of memory, per GPU.</summary>
public readonly record struct NodeRates(double CpuCoreHour, double RamGiBHour, double GpuHour)
{
    /// <summary>OpenCost's prices for machines that nothing is known of, in US dollars: here only the proportions are used, to divide a machine's price.</summary>
    public static NodeRates Default { get; } = new(0.031611, 0.004237, 0.95);

    /// <summary>OpenCost's prices of spot machines' CPU and RAM, likewise.</summary>
    public static NodeRates DefaultSpot { get; } = new(0.006655, 0.000892, 0.95);

    /// <summary>
    /// Divides a machine's price among its parts, so that they add up to it and keep the proportions of these rates (the specification's appendix A).
    /// </summary>
    /// <returns>All zero when the machine has no parts to divide the price among.</returns>
    public NodeRates DividedFrom(double nodeHour, double cores, double ramGiB, double gpus)
    {
        var atTheseRates = cores * CpuCoreHour + ramGiB * RamGiBHour + gpus * GpuHour;
        if (atTheseRates <= 0)
            return default;
        var factor = nodeHour / atTheseRates;
        return new(CpuCoreHour * factor, RamGiBHour * factor, GpuHour * factor);
    }

    public double NodeHour(double cores, double ramGiB, double gpus) => cores * CpuCoreHour + ramGiB * RamGiBHour + gpus * GpuHour;
}

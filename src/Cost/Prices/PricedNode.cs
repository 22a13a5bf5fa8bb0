namespace Fleet.Cost.Prices;

/// <summary>A machine as price sheets see it.</summary>
public sealed record PricedNode
{
    public string Pool { get; init; } = "";

    public string InstanceType { get; init; } = "";

    public string Region { get; init; } = "";

    public bool IsSpot { get; init; }

    /// <summary>As the machine's labels name it; empty when it has none.</summary>
    public string GpuModel { get; init; } = "";

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Cores.</summary>
    public double CpuCores { get; init; }

    public double RamBytes { get; init; }

    /// <summary>Devices.</summary>
    public double Gpus { get; init; }
}

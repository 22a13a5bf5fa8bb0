namespace Fleet.Cost.Allocations;

/// <summary>Costs by resource.</summary>
public readonly record struct AssetCosts(double Cpu, double Gpu, double Ram, double Volume, double LoadBalancer)
{
    public static AssetCosts operator +(AssetCosts one, AssetCosts other) =>
        new(one.Cpu + other.Cpu, one.Gpu + other.Gpu, one.Ram + other.Ram, one.Volume + other.Volume, one.LoadBalancer + other.LoadBalancer);

    public static AssetCosts Add(AssetCosts one, AssetCosts other) => one + other;
}

namespace Fleet.Cost.Allocations;

/// <summary>Parts of an allocation that nobody has a price for. Their cost is unknown, not zero: the row is marked.</summary>
[Flags]
public enum MissingPrice
{
    None = 0,
    Cpu = 1,
    Ram = 2,
    Gpu = 4,
    Volume = 8,
    LoadBalancer = 16,
    Network = 32,
}

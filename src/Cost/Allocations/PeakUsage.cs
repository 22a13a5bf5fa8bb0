namespace Fleet.Cost.Allocations;

/// <summary>The most that one container used. Peaks of several can not be added, since they need not come together: a sum has none.</summary>
public readonly record struct PeakUsage(double CpuCores, double RamBytes);

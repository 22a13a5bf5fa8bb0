namespace Fleet.Cost.Rightsizing;

/// <summary>Peak of one replica in a window.</summary>
public readonly record struct ReplicaPeak(double CpuCores, double MemoryBytes);

namespace Fleet.Cost.Idle;

/// <summary>An allocation's part, from 0 to 1, of the idle of its cluster or node, for each resource.</summary>
public readonly record struct IdleShare(double Cpu, double Gpu, double Ram);

namespace Fleet.Cost.Allocations;

/// <summary>A persistent volume, told apart by cluster too. Written as OpenCost writes it.</summary>
public readonly record struct VolumeKey(string Cluster, string Name)
{
    public override string ToString() => $"cluster={Cluster}:name={Name}";
}

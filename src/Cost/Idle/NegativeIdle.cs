namespace Fleet.Cost.Idle;

/// <summary>Workloads of a cluster or node that cost more than it does: not a cost, a fault in the data.</summary>
/// <param name="Cluster">The cluster.</param>
/// <param name="Node">The node; empty for a whole cluster.</param>
/// <param name="Resource">cpu, gpu or ram.</param>
/// <param name="AssetCost">What it costs.</param>
/// <param name="AllocatedCost">What its workloads cost.</param>
/// <param name="Cause">What it looks like.</param>
public sealed record NegativeIdle(string Cluster, string Node, string Resource, double AssetCost, double AllocatedCost, string Cause)
{
    public double Amount => AssetCost - AllocatedCost;
}

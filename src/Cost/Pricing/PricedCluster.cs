using Fleet.Cost.Allocations;
using Fleet.Cost.Assets;
using Fleet.Cost.Idle;
using Fleet.Cost.Invariant;

namespace Fleet.Cost.Pricing;

/// <summary>A cluster's window in money: what is paid, for whom, what nobody takes, and whether it adds up.</summary>
/// <param name="Assets">What is paid.</param>
/// <param name="Workloads">Raw allocations, of containers and of what no pod has.</param>
/// <param name="Idle">By node.</param>
/// <param name="Balance">The invariant.</param>
public sealed record PricedCluster(AssetSet Assets, AllocationSet Workloads, IdleCosts Idle, CostBalance Balance)
{
    /// <summary>What queries are asked of.</summary>
    public AllocationSet WithIdle => new(Workloads.Window, Workloads.Allocations.Values.Concat(Idle.Allocations), Workloads.Currency);
}

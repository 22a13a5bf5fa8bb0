namespace Fleet.Cost.Invariant;

/// <summary>Whether what is shown adds up to what is paid, for one cluster and kind of cost.</summary>
/// <param name="Cluster">The cluster.</param>
/// <param name="Part">cpu, gpu, ram, volumes, loadBalancers or network.</param>
/// <param name="Assets">What is paid.</param>
/// <param name="Workloads">What workloads cost, with what is nobody's (unmounted).</param>
/// <param name="Idle">What is left of it.</param>
public sealed record CostCheck(string Cluster, string Part, double Assets, double Workloads, double Idle)
{
    /// <summary>Workloads and idle less assets: 0 when it adds up, above when more is shown than is paid.</summary>
    public double Difference => Workloads + Idle - Assets;

    public bool Holds(CostTolerance tolerance) => Math.Abs(Difference) <= tolerance.Of(Math.Max(Math.Abs(Assets), Math.Abs(Workloads + Idle)));
}

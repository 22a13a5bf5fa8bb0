using Fleet.Cost.Idle;

namespace Fleet.Cost.Invariant;

/// <summary>The result of checking that workloads + idle + overhead = assets.</summary>
/// <param name="Assets">All that is paid.</param>
/// <param name="Workloads">What workloads and what is nobody's cost, without what is shared among them.</param>
/// <param name="Idle">CPU, GPU and RAM that nobody takes.</param>
/// <param name="Overhead">Management fees and the machines' own disks, which belong to no workload.</param>
/// <param name="Checks">Every cluster and kind of cost.</param>
/// <param name="NegativeIdle">Where workloads cost more than what they run on.</param>
/// <param name="Tolerance">How far it may be off.</param>
public sealed record CostBalance(
    double Assets, double Workloads, double Idle, double Overhead, IReadOnlyList<CostCheck> Checks, IReadOnlyList<NegativeIdle> NegativeIdle, CostTolerance Tolerance)
{
    public double Difference => Workloads + Idle + Overhead - Assets;

    public bool Holds => NegativeIdle.Count == 0 && Faults.Count == 0;

    /// <summary>What does not add up. A surplus in one place does not make up for a gap in another.</summary>
    public IReadOnlyList<CostCheck> Faults => [.. Checks.Where(check => !check.Holds(Tolerance))];
}

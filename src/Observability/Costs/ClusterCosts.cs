using Fleet.Observability.Ledger;

namespace Fleet.Observability.Costs;

/// <summary>How far the costs of a cluster reach, and whether they add up, as the API tells it.</summary>
/// <param name="SeenUntil">Everything before is in the ledger.</param>
/// <param name="Problems">Why something may be missing.</param>
/// <param name="Simulated">Nobody pays for it.</param>
/// <param name="Balanced">Whether workloads + idle + overhead = assets in what was added last; null when nothing was checked yet.</param>
internal sealed record ClusterCosts(
    string Cluster, string ClusterUid, DateTimeOffset SeenUntil, IReadOnlyList<string> Problems, bool Simulated, bool? Balanced, ClusterCosts.CheckedBalance? Balance)
{
    public static ClusterCosts Of(ClusterFreshness cluster) => new(
        cluster.Cluster, cluster.ClusterUid, cluster.SeenUntil, cluster.Problems, cluster.IsSimulated, cluster.Balance?.Holds,
        cluster.Balance is { } balance
            ? new(balance.At, balance.Currency, balance.Assets, balance.Workloads, balance.Idle, balance.Overhead, balance.Difference, balance.HasNegativeIdle, balance.Faults)
            : null);

    internal sealed record CheckedBalance(
        DateTimeOffset At, string Currency, double Assets, double Workloads, double Idle, double Overhead, double Difference, bool NegativeIdle, IReadOnlyList<string> Faults);
}

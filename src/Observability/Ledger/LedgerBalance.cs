using Fleet.Cost.Idle;
using Fleet.Cost.Invariant;

namespace Fleet.Observability.Ledger;

/// <summary>Whether workloads + idle + overhead = assets, of what was added to the ledger at once. Kept as JSON.</summary>
/// <param name="At">Up to when it was added.</param>
/// <param name="Difference">What is shown beyond what is paid.</param>
/// <param name="Faults">What does not add up, and where workloads cost more than what they run on; empty when all is well.</param>
internal sealed record LedgerBalance(DateTimeOffset At, string Currency, double Assets, double Workloads, double Idle, double Overhead, double Difference, IReadOnlyList<string> Faults)
{
    /// <summary>More are not read by anybody.</summary>
    private const int MostFaults = 10;

    /// <summary>Negative idle is among <see cref="Faults"/>.</summary>
    public bool HasNegativeIdle { get; init; }

    public bool Holds => Faults.Count == 0;

    /// <summary>Of hours in one currency; null when there are none.</summary>
    public static LedgerBalance? Of(LedgerBatch batch)
    {
        if (batch.Hours.Count == 0)
            return null;
        var balances = batch.Hours.Select(hour => hour.Balance).ToList();
        var faults = batch.Hours.SelectMany(hour => FaultsOf(hour.Assets.Window.Start, hour.Balance)).Take(MostFaults).ToList();
        return new(
            batch.Until, batch.Hours[^1].Assets.Currency, balances.Sum(one => one.Assets), balances.Sum(one => one.Workloads), balances.Sum(one => one.Idle), balances.Sum(one => one.Overhead),
            balances.Sum(one => one.Difference), faults)
        {
            HasNegativeIdle = balances.Any(one => NegativeOf(one).Any()),
        };
    }

    /// <summary>Of a part of an hour that is short, times are rounded as coarsely as money: that is no fault.</summary>
    private static IEnumerable<NegativeIdle> NegativeOf(CostBalance balance) => balance.NegativeIdle.Where(idle => -idle.Amount > balance.Tolerance.Of(idle.AllocatedCost));

    private static IEnumerable<string> FaultsOf(DateTimeOffset hour, CostBalance balance) =>
        NegativeOf(balance).Select(idle => FormattableString.Invariant(
                $"{hour:yyyy-MM-dd HH:mm} {(idle.Node.Length > 0 ? $"node {idle.Node}: " : "")}workloads cost {-idle.Amount:0.######} more {idle.Resource} than there is: {idle.Cause}"))
            .Concat(balance.Faults.Select(fault => FormattableString.Invariant($"{hour:yyyy-MM-dd HH:mm} {fault.Part}: what is shown is {fault.Difference:0.######} off what is paid")));
}

using Fleet.Cost.Savings;
using Fleet.Observability.Recommendations.Surveys;
using Fleet.Observability.Recommendations.Usage;

namespace Fleet.Observability.Recommendations.Advice;

/// <summary>Requests in money. Pure.</summary>
internal static class Freed
{
    /// <summary>What these pods' containers of one name request less, by the month. Null when a node has no price.</summary>
    /// <param name="running">How many of them run at a time, of those that are there; 1 for what always runs.</param>
    public static double? Of(RequestPrices prices, IEnumerable<SurveyPod> pods, double cores, double bytes, double running = 1)
    {
        double? sum = 0;
        foreach (var pod in pods.Where(pod => pod.Node.Length > 0))
            sum += (cores == 0 ? 0 : cores * prices.CoreMonth(pod.Node)) + (bytes == 0 ? 0 : bytes * prices.ByteMonth(pod.Node));
        return sum * running;
    }

    /// <summary>All that a workload requests, a claim for each container.</summary>
    public static IReadOnlyList<SavingClaim> ClaimsOf(RequestPrices prices, Workload workload, IReadOnlyList<SurveyPod> pods, double part = 1) =>
    [
        .. pods.MaxBy(pod => pod.Created)!.Containers.Select(container =>
            new SavingClaim(ClaimOf(workload, container.Name), 0, Of(prices, pods, container.CpuRequest, container.RamRequest) * part)),
    ];

    public static string ClaimOf(Workload workload, string container) => $"requests {workload} {container}";

    /// <summary>Null when one of them is.</summary>
    public static double? Sum(IEnumerable<double?> amounts) => amounts.Aggregate((double?)0, (sum, amount) => sum + amount);
}

using Fleet.Cost.Pricing;
using Fleet.Observability.Hours;

namespace Fleet.Observability.Ledger;

/// <summary>What is added to the ledger for one cluster at once.</summary>
/// <param name="Until">Everything before this is in it, or was before.</param>
/// <param name="Problems">Why something may be missing in it.</param>
internal sealed record LedgerBatch(string ClusterUid, string Cluster, DateTimeOffset Until, IReadOnlyList<PricedCluster> Hours, IReadOnlyList<HourCoverage> Coverage, IReadOnlyList<string> Problems);

/// <summary>How much of an hour was looked at.</summary>
internal sealed record HourCoverage(DateTimeOffset Hour, double SeenSeconds, double InferredSeconds)
{
    public static HourCoverage Of(ClusterHour hour) => new(hour.Hour, hour.SeenSeconds, hour.InferredSeconds);
}

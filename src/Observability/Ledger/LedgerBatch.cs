using Fleet.Control.Grains;
using Fleet.Cost.Pricing;
using Fleet.Observability.Hours;

namespace Fleet.Observability.Ledger;

/// <summary>What is added to the ledger for one cluster at once.</summary>
/// <param name="Until">Everything before this is in it, or was before.</param>
/// <param name="Problems">Why something may be missing in it.</param>
internal sealed record LedgerBatch(string ClusterUid, string Cluster, DateTimeOffset Until, IReadOnlyList<PricedCluster> Hours, IReadOnlyList<HourCoverage> Coverage, IReadOnlyList<string> Problems)
{
    /// <summary>Of the cluster's grain: under its epoch it is written, or refused.</summary>
    public required GrainOwnership Owner { get; init; }

    /// <summary>Nobody pays for it: the cluster is simulated.</summary>
    public bool IsSimulated { get; init; }

    /// <summary>It is filled in behind what is there: up to the moment before which it is filled in, and to which it will be. Null: it goes on where the ledger ends.</summary>
    public DateTimeOffset? BackfillUntil { get; init; }
}

/// <summary>How much of an hour was looked at.</summary>
internal sealed record HourCoverage(DateTimeOffset Hour, double SeenSeconds, double InferredSeconds)
{
    public static HourCoverage Of(ClusterHour hour) => new(hour.Hour, hour.SeenSeconds, hour.InferredSeconds);
}

using Fleet.Observability.Ledger;

namespace Fleet.Observability.Days;

/// <summary>Clusters whose costs are late. Pure.</summary>
internal static class StaleClusters
{
    /// <summary>Several rounds of writing, and what a busy fleet may be late.</summary>
    public static readonly TimeSpan After = TimeSpan.FromHours(1);

    /// <param name="freshness">How far the costs of each reach.</param>
    /// <param name="existing">Clusters that are there: one that is gone is not late.</param>
    public static IReadOnlyList<string> Of(IEnumerable<ClusterFreshness> freshness, IReadOnlySet<string> existing, DateTimeOffset now) =>
    [
        // A cluster that was made anew under its name has a newer line beside the old one.
        .. freshness.GroupBy(cluster => cluster.Cluster, (name, lines) => (Name: name, Until: lines.Max(line => line.SeenUntil)))
            .Where(cluster => now - cluster.Until > After && existing.Contains(cluster.Name))
            .Select(cluster => cluster.Name).Order(StringComparer.Ordinal),
    ];
}

using Fleet.Cost.Savings;
using Fleet.Observability.Recommendations.Storage;

namespace Fleet.Observability.Recommendations.Api;

/// <summary>What recommendations save together. Pure.</summary>
internal static class RecommendationSums
{
    public static SavingsView Of(IReadOnlyList<StoredRecommendation> found)
    {
        // Names of things are of one cluster.
        var counted = found.Select(one => (one.Kind, Body: RecommendationBody.Read(one.Body), one.Id, one.ClusterUid))
            .Select(one => (one.Kind, Saving: new CountedSaving(one.Id, one.Body.Saving, [.. one.Body.Claims.Select(claim => claim with { What = $"{one.ClusterUid} {claim.What}" })]))).ToList();
        return new([.. SavingsSum.Of(counted.Select(one => one.Saving)).Select(total => new SavingsTotalView(
            total.Currency, total.Cash, total.Freed, total.Overlap, total.Recommendations, total.Unpriced,
            counted.Where(one => one.Saving.Saving.Currency == total.Currency).GroupBy(one => one.Kind).OrderBy(kind => kind.Key, StringComparer.Ordinal).ToDictionary(
                kind => kind.Key, kind => new KindTotalView(kind.Count(), kind.Sum(one => one.Saving.Saving.Cash ?? 0), kind.Sum(one => one.Saving.Saving.Freed ?? 0)))))]);
    }
}

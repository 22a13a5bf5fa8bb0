using Fleet.Observability.Recommendations.Api;
using Fleet.Observability.Recommendations.Storage;

namespace Fleet.Observability.Recommendations;

/// <summary>What all open recommendations would save together, nothing counted twice; for whoever sums the fleet up.</summary>
internal sealed class OpenSavings(RecommendationStore store, RecommendationOptions options, TimeProvider clock)
{
    /// <param name="clusters">NAMESPACE/NAME of those that count; null for all.</param>
    /// <returns>A total for each currency.</returns>
    public async Task<IReadOnlyList<SavingsTotalView>> OfAsync(IReadOnlyCollection<string>? clusters, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var open = (await store.ListAsync(now - options.Shown, null, ct)).Where(one => one.StateAt(now) == RecommendationStates.Open && (clusters?.Contains(one.Cluster) ?? true)).ToList();
        return RecommendationSums.Of(open).Totals;
    }
}

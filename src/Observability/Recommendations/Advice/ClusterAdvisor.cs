using System.Text.Json.Nodes;

namespace Fleet.Observability.Recommendations.Advice;

/// <summary>All advice about a cluster.</summary>
/// <param name="Outlook">What would go besides, once the recommendations are followed, and which nodes stay and why. Not in any sum.</param>
/// <param name="Gaps">What nothing is said of, and why; "" when nothing is missing.</param>
internal sealed record ClusterFindings(IReadOnlyList<Recommendation> Recommendations, JsonObject Outlook, string Gaps);

/// <summary>From facts to recommendations. Pure.</summary>
internal static class ClusterAdvisor
{
    public static ClusterFindings Advise(AdviceFacts facts) => facts.Survey.IsOfLook ? OfLook(facts) : OfWhole(facts);

    /// <summary>What a look is enough for.</summary>
    private static ClusterFindings OfLook(AdviceFacts facts)
    {
        var idle = IdleAdvisor.Find(facts);
        return new(
            [.. idle.Select(one => IdleAdvisor.Explain(facts, one)), .. IdleAdvisor.Namespaces(facts, idle), .. AssetAdvisor.Volumes(facts), .. AssetAdvisor.Balancers(facts)],
            new() { ["containersNotWatched"] = facts.Usage.LeftOut }, AdviceGaps.Of(facts));
    }

    private static ClusterFindings OfWhole(AdviceFacts facts)
    {
        var (resized, idle, proof) = (RightsizingAdvisor.Advise(facts), IdleAdvisor.Find(facts), NodeAdvisor.Prove(facts));
        var outlook = NodeAdvisor.Outlook(facts, proof, resized, idle);
        outlook["keptNodes"] = NodeAdvisor.Kept(proof);
        outlook["containersNotWatched"] = facts.Usage.LeftOut;
        return new(
            [
                .. resized.Select(advice => RightsizingAdvisor.Explain(facts, advice)),
                .. idle.Select(one => IdleAdvisor.Explain(facts, one)),
                .. IdleAdvisor.Namespaces(facts, idle),
                .. AssetAdvisor.Volumes(facts),
                .. AssetAdvisor.Balancers(facts),
                .. NodeAdvisor.Explain(facts, proof),
                .. NightAdvisor.Workloads(facts, idle),
                .. AutoscalerAdvisor.Advise(facts, idle),
                .. NightAdvisor.Cluster(facts) is { } cluster ? [cluster] : Array.Empty<Recommendation>(),
            ],
            outlook, AdviceGaps.Of(facts));
    }
}

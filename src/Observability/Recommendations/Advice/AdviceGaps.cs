namespace Fleet.Observability.Recommendations.Advice;

/// <summary>What nothing can be said about in a cluster, and why: without a word an empty list would say that all is well. Pure.</summary>
internal static class AdviceGaps
{
    /// <summary>A look of an agent has neither autoscalers nor limits, and nothing of what decides where a pod may run.</summary>
    public const string OfLook =
        "only its agent looks at it, which does not tell autoscalers, limits, taints and disruption budgets: nothing is said of requests, nodes and nights";

    /// <summary>"" when nothing is missing.</summary>
    public static string Of(AdviceFacts facts) => string.Join("; ", All(facts));

    private static IEnumerable<string> All(AdviceFacts facts)
    {
        var workloads = facts.Workloads.Where(workload => !workload.Key.IsOfSystem && workload.Key.Name.Length > 0).Select(workload => workload.Key).ToHashSet();
        var known = facts.Usage.Containers.Where(container => workloads.Contains(container.Key.Workload)).Select(container => container.Value).ToList();
        if (workloads.Count > 0 && known.All(usage => usage.Samples == 0))
            yield return "nobody measures what its containers use (no metrics API, and kubelets are not asked): nothing is said of requests, idle workloads and nights";
        else if (workloads.Count > 0 && known.All(usage => usage.Samples < facts.Options.LeastSamples))
            yield return $"what its containers use is known of {known.Max(usage => usage.Samples)} looks: nothing is said of requests before {facts.Options.LeastSamples}, of idle workloads before {facts.Options.AbandonedAfter.TotalDays:0} days";
        if (facts.Survey.IsOfLook)
            yield return OfLook;
    }
}

using System.Text.Json.Nodes;
using Fleet.Cost.Rightsizing;
using Fleet.Cost.Savings;
using Fleet.Observability.Recommendations.Surveys;

namespace Fleet.Observability.Recommendations.Advice;

/// <summary>Autoscalers whose least number of pods is more than the busiest minute of the window needed. Pure.</summary>
internal static class AutoscalerAdvisor
{
    /// <summary>Days that must be known.</summary>
    private const double LeastDays = 2.5;

    /// <summary>At its peak it was at most at this part of what it aims at, the whole window. Had it ever made more pods, it would have been beyond its target.</summary>
    private const double FarBelow = 0.5;

    /// <summary>Peaks are kept in half the digits.</summary>
    private const double Rounding = 1e-6;

    /// <summary>Of what the pods that stay are to have at the peak; beyond it the autoscaler makes more by itself.</summary>
    private const double Reserve = 1.25;

    public static IEnumerable<Recommendation> Advise(AdviceFacts facts, IReadOnlyList<IdleWorkload> idle)
    {
        var left = idle.Select(one => one.Workload).ToHashSet();
        foreach (var scaler in facts.Survey.HorizontalScalers.Where(scaler => scaler is { Least: > 1, IsOutOfReach: false } && !scaler.Target.IsOfSystem && !left.Contains(scaler.Target)))
        {
            var pods = facts.Workloads[scaler.Target].ToList();
            // Two that scale the same fight, and what does not stand at its least number has no use for a smaller one.
            if (pods.Count != scaler.Least || (scaler.Pods ?? pods.Count) > scaler.Least || facts.Survey.HorizontalScalers.Count(other => other.Target == scaler.Target) > 1
                || UsedOf(facts, scaler, pods) is not { } used || used.Share > FarBelow + Rounding || FloorOf(facts, pods) is not { } floor)
                continue;
            // What is in memory does not go with the pods that go.
            var (byLoad, byMemory) = (Needed(pods.Count * used.Share * Reserve - Rounding), Needed(pods.Count * used.HeldShare));
            var least = Math.Max(Math.Max(byLoad, byMemory), floor.Pods);
            if (least < scaler.Least)
                yield return Explain(facts, scaler, pods, used, floor, least);
        }
    }

    private static Recommendation Explain(AdviceFacts facts, HorizontalScaler scaler, IReadOnlyList<SurveyPod> pods, PeakUse used, Floor floor, int least)
    {
        var claims = Freed.ClaimsOf(facts.Prices, scaler.Target, pods, (scaler.Least - least) / (double)pods.Count);
        return new()
        {
            Kind = RecommendationKinds.MinReplicas,
            Namespace = scaler.Target.Namespace,
            ObjectKind = "HorizontalPodAutoscaler",
            ObjectName = scaler.Name,
            Summary = $"{ObjectKinds.NameOf(scaler.Target.Kind)} {scaler.Target.Name} stands at its {scaler.Least} least pods and was at most at {AdviceTexts.Percent(used.Share)} of its target for {AdviceTexts.Days(used.Until - used.From)}: {least} are enough to begin with",
            Current = new() { ["minReplicas"] = scaler.Least },
            Recommended = new() { ["minReplicas"] = least },
            Evidence = new()
            {
                ["window"] = new JsonObject { ["start"] = used.From, ["end"] = used.Until },
                ["samples"] = used.Samples,
                ["confidence"] = used.ConfidenceDays switch { < 1 => "low", < 5 => "medium", _ => "high" },
                ["confidenceDays"] = Math.Round(used.ConfidenceDays, 2),
                ["workload"] = $"{ObjectKinds.NameOf(scaler.Target.Kind)} {scaler.Target.Name}",
                ["pods"] = pods.Count,
                ["targets"] = new JsonObject([.. used.Peaks.Select(peak => KeyValuePair.Create(peak.Name, (JsonNode?)new JsonObject { ["target"] = Math.Round(peak.Target, 3), ["peak"] = Math.Round(peak.Use, 3) }))]),
                ["heldMemory"] = Math.Round(used.HeldShare, 3),
                ["podDisruptionBudget"] = floor.Budget,
            },
            Saving = MonthlySaving.OfRequests(Freed.Sum(claims.Select(claim => claim.Freed)), facts.Prices.Currency),
            Claims = claims,
        };
    }

    private static int Needed(double pods) => Math.Max(1, (int)Math.Ceiling(pods - 1e-9));

    /// <summary>The most that one pod used, of what the autoscaler compares it with; null where that is not known for the whole window.</summary>
    private static PeakUse? UsedOf(AdviceFacts facts, HorizontalScaler scaler, IReadOnlyList<SurveyPod> pods)
    {
        if (scaler.Targets is not { } targets || targets.Keys.Any(name => name is not ("cpu" or "memory")) || targets.Values.Any(target => target <= 0))
            return null;
        var containers = pods.MaxBy(pod => pod.Created)!.Containers;
        var usages = containers.Select(container => facts.Usage.Containers.GetValueOrDefault(new(scaler.Target.Namespace, scaler.Target.Kind, scaler.Target.Name, container.Name))).OfType<ContainerUsage>().ToList();
        if (usages.Count != containers.Count || usages.Any(usage => usage.FirstSample is null || usage.OutOfMemoryKills > 0))
            return null;
        var (from, until) = (usages.Max(usage => usage.FirstSample!.Value), usages.Min(usage => usage.LastSample!.Value));
        if ((until - from).TotalDays < LeastDays || usages.Min(usage => usage.MemoryHours.Days) < LeastDays)
            return null;
        var peaks = new List<(string Name, double Target, double Use)>();
        foreach (var (name, target) in targets)
        {
            // A container without a request has no utilisation, and the autoscaler none either.
            if (containers.Any(container => Request(container, name) <= 0))
                return null;
            peaks.Add((name, target, usages.Sum(usage => name == "cpu" ? usage.Peaks.Cpu : usage.Peaks.Memory) / containers.Sum(container => Request(container, name))));
        }
        var (held, room) = (usages.Sum(usage => usage.Peaks.Memory), containers.Sum(container => container.RamRequest));
        return new(peaks, peaks.Max(peak => peak.Use / peak.Target), room > held ? held / room : 1, from, until, usages.Min(usage => usage.Samples), usages.Min(usage => usage.ConfidenceDays));
    }

    private static double Request(SurveyContainer container, string resource) => resource == "cpu" ? container.CpuRequest : container.RamRequest;

    /// <summary>Null when a budget lets none of any number go: nothing is said of what somebody protects like this.</summary>
    private static Floor? FloorOf(AdviceFacts facts, IReadOnlyList<SurveyPod> pods)
    {
        var budgets = facts.Survey.Budgets.Where(budget => pods.Any(budget.Protects)).ToList();
        return budgets.Any(budget => budget.Needs is null) ? null : budgets.MaxBy(budget => budget.Needs) is { } most ? new(most.Needs!.Value, $"{most.Key.Name}, of which {most.Needs} pods are the fewest that let one go") : new(1, null);
    }

    /// <param name="Peaks">By resource, parts of the request.</param>
    /// <param name="Share">The greatest of them as part of its target.</param>
    /// <param name="HeldShare">The most memory of a pod as part of what it may hold.</param>
    private sealed record PeakUse(
        IReadOnlyList<(string Name, double Target, double Use)> Peaks, double Share, double HeldShare, DateTimeOffset From, DateTimeOffset Until, int Samples, double ConfidenceDays);

    private sealed record Floor(int Pods, string? Budget);
}

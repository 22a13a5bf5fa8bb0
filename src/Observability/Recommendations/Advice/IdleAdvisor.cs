using System.Text.Json.Nodes;
using Fleet.Cost.Rightsizing;
using Fleet.Cost.Savings;
using Fleet.Observability.Recommendations.Surveys;
using Fleet.Observability.Recommendations.Usage;

namespace Fleet.Observability.Recommendations.Advice;

/// <summary>A workload that does nothing, and since when that is known.</summary>
internal sealed record IdleWorkload(Workload Workload, IReadOnlyList<SurveyPod> Pods, double PeakCores, DateTimeOffset Since, DateTimeOffset Until, double Samples);

/// <summary>
/// Workloads that do nothing, and namespaces of which that is true of all. CPU decides: what nobody talks to uses next to nothing, day and night; where traffic is measured, there must be next to none.
/// Pure.
/// </summary>
internal static class IdleAdvisor
{
    /// <summary>Cores of a pod at its peak. A process that only waits takes some thousandths.</summary>
    private const double LeastCores = 0.002;

    private const double MostCores = 0.02;

    /// <summary>Of what it requests: what asks for much and does nothing may breathe a little more.</summary>
    private const double ShareOfRequest = 0.025;

    /// <summary>Bytes per second of a workload: probes and a scrape now and then are no use of it.</summary>
    private const double MostTraffic = 500;

    /// <summary>Of the looks, so many must have measured it.</summary>
    private const double LeastMeasured = 0.5;

    /// <summary>What is stopped by scaling it down. Pods of a DaemonSet are there for their nodes, those of Jobs end by themselves.</summary>
    private static readonly string[] Kinds = ["deployment", "statefulset", "replicaset", "rollout", "replicationcontroller"];

    public static IReadOnlyList<IdleWorkload> Find(AdviceFacts facts) =>
        [.. facts.Workloads.Where(workload => !workload.Key.IsOfSystem && Kinds.Contains(workload.Key.Kind)).Select(workload => Idle(facts, workload.Key, [.. workload])).OfType<IdleWorkload>()];

    public static Recommendation Explain(AdviceFacts facts, IdleWorkload idle)
    {
        var claims = Freed.ClaimsOf(facts.Prices, idle.Workload, idle.Pods);
        return new()
        {
            Kind = RecommendationKinds.AbandonedWorkload,
            Namespace = idle.Workload.Namespace,
            ObjectKind = ObjectKinds.NameOf(idle.Workload.Kind),
            ObjectName = idle.Workload.Name,
            Summary = $"does nothing since {AdviceTexts.Days(facts.Now - idle.Since)}: its pods use {AdviceTexts.Milli(idle.PeakCores)} of CPU at most",
            Current = new() { ["replicas"] = idle.Pods.Count },
            Recommended = new() { ["replicas"] = 0, ["action"] = "scale to zero, or delete it" },
            Evidence = new()
            {
                ["window"] = new JsonObject { ["start"] = idle.Since, ["end"] = idle.Until },
                ["samples"] = Math.Round(idle.Samples),
                ["confidence"] = (facts.Now - idle.Since).TotalDays < 7 ? "medium" : "high",
                ["peakCores"] = idle.PeakCores,
                ["traffic"] = TrafficOf(facts, [idle.Workload]),
                ["pods"] = idle.Pods.Count,
            },
            Saving = MonthlySaving.OfRequests(Freed.Sum(claims.Select(claim => claim.Freed)), facts.Prices.Currency),
            Claims = claims,
        };
    }

    /// <summary>Namespaces that have workloads, all of them idle.</summary>
    public static IEnumerable<Recommendation> Namespaces(AdviceFacts facts, IReadOnlyList<IdleWorkload> idle)
    {
        var found = idle.ToDictionary(one => one.Workload);
        foreach (var group in facts.Survey.Pods.GroupBy(pod => pod.Key.Namespace).Where(group => group.All(pod => found.ContainsKey(pod.Workload))))
        {
            var workloads = group.Select(pod => pod.Workload).Distinct().Select(workload => found[workload]).ToList();
            var claims = workloads.SelectMany(one => Freed.ClaimsOf(facts.Prices, one.Workload, one.Pods)).ToList();
            yield return new()
            {
                Kind = RecommendationKinds.IdleNamespace,
                Namespace = group.Key,
                ObjectKind = "Namespace",
                ObjectName = group.Key,
                Summary = $"nothing in it does anything since {AdviceTexts.Days(facts.Now - workloads.Max(one => one.Since))}",
                Current = new() { ["workloads"] = workloads.Count, ["pods"] = group.Count() },
                Recommended = new() { ["action"] = "ask its owner, then delete it" },
                Evidence = new()
                {
                    ["window"] = new JsonObject { ["start"] = workloads.Max(one => one.Since), ["end"] = workloads.Max(one => one.Until) },
                    ["samples"] = Math.Round(workloads.Sum(one => one.Samples)),
                    ["confidence"] = workloads.Any(one => (facts.Now - one.Since).TotalDays < 7) ? "medium" : "high",
                    ["workloads"] = new JsonArray([.. workloads.Select(one => (JsonNode)$"{ObjectKinds.NameOf(one.Workload.Kind)} {one.Workload.Name}")]),
                    ["peakCores"] = workloads.Max(one => one.PeakCores),
                    ["traffic"] = TrafficOf(facts, workloads.Select(one => one.Workload)),
                },
                Saving = MonthlySaving.OfRequests(Freed.Sum(claims.Select(claim => claim.Freed)), facts.Prices.Currency),
                Claims = claims,
            };
        }
    }

    private static IdleWorkload? Idle(AdviceFacts facts, Workload workload, IReadOnlyList<SurveyPod> pods)
    {
        if (facts.Traffic?.GetValueOrDefault(workload) > MostTraffic)
            return null;
        var containers = pods.MaxBy(pod => pod.Created)!.Containers;
        var (peak, request, samples) = (0.0, 0.0, 0.0);
        var (since, until) = (DateTimeOffset.MinValue, DateTimeOffset.MaxValue);
        foreach (var container in containers)
        {
            if (!facts.Usage.Containers.TryGetValue(new(workload.Namespace, workload.Kind, workload.Name, container.Name), out var usage)
                || usage.FirstSample is not { } first || usage.LastSample is not { } last || !IsMeasured(usage, first, last))
                return null;
            (since, until) = (first > since ? first : since, last < until ? last : until);
            (peak, request, samples) = (peak + usage.Peaks.Cpu, request + container.CpuRequest, samples + usage.Samples);
        }
        // Peaks reach back for some days only; of the time before nothing is said.
        since = Later(since, facts.Now.AddDays(1 - DailyPeaks.Days));
        var most = Math.Min(MostCores, Math.Max(LeastCores, ShareOfRequest * request));
        return containers.Count > 0 && facts.Now - since >= facts.Options.AbandonedAfter && facts.Now - until < facts.Options.AbandonedAfter / 2 && peak <= most
            ? new(workload, pods, peak, since, until, samples)
            : null;
    }

    /// <summary>A hole in which nobody looked may have been busy.</summary>
    private static bool IsMeasured(ContainerUsage usage, DateTimeOffset first, DateTimeOffset last) =>
        usage.Samples - usage.FilledSamples + usage.FilledSamples * 60.0 / ContainerUsage.SamplesOfHour >= LeastMeasured * (last - first).TotalMinutes;

    private static JsonNode TrafficOf(AdviceFacts facts, IEnumerable<Workload> workloads) => facts.Traffic is { } traffic
        ? new JsonObject { ["bytesPerSecond"] = Math.Round(workloads.Sum(workload => traffic.GetValueOrDefault(workload)), 1) }
        : "not measured";

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
